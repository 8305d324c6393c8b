/**
 * An answer drawn: lines over time, columns, bars, or shares. The table beside it has the same numbers; pointing at the
 * chart says those of one place.
 */
import { type PointerEvent, useMemo, useState } from 'react';
import type { TableHuntAnswer } from '../../../src/serve/table-api.ts';
import { grouped } from '../words/counts.ts';
import styles from './answer.module.css';
import { type ChartData, chartData } from './chart-data.ts';

const WIDTH = 1_000;
const HEIGHT = 200;
/** Up to so many values of a line are marked each: one that stands alone is no line, and would not be seen. */
const FEW_POINTS = 60;

export function AnswerChart({ answer }: { readonly answer: TableHuntAnswer }) {
  const data = useMemo(() => chartData(answer), [answer]);
  if (data === undefined) return null;
  const { kind, title, series, left } = data;
  const isOneByOne = kind === 'barchart' || kind === 'piechart';
  return (
    <figure className={styles.chart} aria-label={title ?? 'Chart of the answer'}>
      {title !== undefined && <figcaption>{title}</figcaption>}
      {kind === 'piechart' ? <Pie data={data} /> : kind === 'barchart' ? <Bars data={data} /> : <Plot data={data} />}
      {!isOneByOne && series.length > 1 && (
        <ul className={styles.legend}>
          {series.map(({ name }, index) => (
            <li key={name}>
              <span data-series={index} aria-hidden="true" />
              {name === '' ? '(empty)' : name}
            </li>
          ))}
        </ul>
      )}
      {left > 0 && <p className={styles.note}>{grouped(left)} more are in the table, not in the chart.</p>}
    </figure>
  );
}

/** Lines, areas and columns. */
function Plot({ data: { kind, isTime, places, series } }: { readonly data: ChartData }) {
  const [pointed, setPointed] = useState<number>();
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const [least, most] = [Math.min(0, ...all), Math.max(0, ...all)];
  const height = most - least || 1;
  // A line of one or two points is none.
  const isColumns = kind === 'columnchart' || places.length < 3;
  const times = places.map((place) => Date.parse(place));
  const [begin = 0, end = 0] = [times[0], times.at(-1)];
  const isSpaced = isTime && !isColumns && end > begin;
  const xOf = (index: number) => {
    if (isColumns) return ((index + 0.5) / places.length) * WIDTH;
    if (isSpaced) return (((times[index] ?? 0) - begin) / (end - begin)) * WIDTH;
    return (index / Math.max(1, places.length - 1)) * WIDTH;
  };
  const yOf = (value: number) => HEIGHT - ((value - least) / height) * HEIGHT;
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * WIDTH;
    const distances = places.map((_, index) => Math.abs(xOf(index) - x));
    setPointed(distances.indexOf(Math.min(...distances)));
  };
  const wide = WIDTH / places.length / (series.length + 0.6);
  return (
    <>
      <div className={styles.scale}>
        <span>{numberText(most)}</span>
        <span>{least < 0 ? numberText(least) : '0'}</span>
      </div>
      <svg
        className={styles.plot}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${series.length} series over ${places.length} places, from ${numberText(Math.min(...all, most))} to ${numberText(most)}`}
        onPointerMove={point}
        onPointerLeave={() => setPointed(undefined)}
      >
        {series.map(({ name, values }, index) =>
          isColumns ? (
            <g key={name} data-series={index}>
              {values.map((value, place) =>
                value === null ? null : (
                  <rect
                    key={places[place]}
                    x={xOf(place) + (index - series.length / 2) * wide}
                    y={yOf(Math.max(0, value))}
                    width={wide * 0.92}
                    height={(Math.abs(value) / height) * HEIGHT}
                  />
                ),
              )}
            </g>
          ) : (
            <g key={name} data-series={index}>
              {kind === 'areachart' && (
                <polygon points={`0,${yOf(0)} ${lineOf(values, xOf, yOf)} ${WIDTH},${yOf(0)}`} />
              )}
              <polyline points={lineOf(values, xOf, yOf)} vectorEffect="non-scaling-stroke" />
              <path d={dotsOf(values, xOf, yOf)} vectorEffect="non-scaling-stroke" />
            </g>
          ),
        )}
        {pointed !== undefined && (
          <line x1={xOf(pointed)} x2={xOf(pointed)} y1={0} y2={HEIGHT} vectorEffect="non-scaling-stroke" />
        )}
      </svg>
      <div className={styles.axis}>
        <span>{placeText(places[0], isTime)}</span>
        <output className={styles.pointed}>
          {pointed !== undefined &&
            `${placeText(places[pointed], isTime)}: ${series
              .map(({ name, values }) => `${series.length > 1 ? `${name} ` : ''}${numberText(values[pointed] ?? null)}`)
              .join(', ')}`}
        </output>
        <span>{places.length > 1 && placeText(places.at(-1), isTime)}</span>
      </div>
    </>
  );
}

function lineOf(values: readonly (number | null)[], xOf: (index: number) => number, yOf: (value: number) => number) {
  return values
    .flatMap((value, index) => (value === null ? [] : [`${xOf(index).toFixed(1)},${yOf(value).toFixed(1)}`]))
    .join(' ');
}

/** A round end of a line without length: a dot, whatever the plot is stretched by. */
function dotsOf(values: readonly (number | null)[], xOf: (index: number) => number, yOf: (value: number) => number) {
  const dots = values.flatMap((value, index) =>
    value === null ? [] : [`M${xOf(index).toFixed(1)} ${yOf(value).toFixed(1)}h0`],
  );
  return dots.length > FEW_POINTS ? '' : dots.join('');
}

function Bars({ data: { places, series, isTime } }: { readonly data: ChartData }) {
  const most = Math.max(1e-9, ...series.flatMap(({ values }) => values.map((value) => Math.abs(value ?? 0))));
  return (
    <ul className={styles.bars}>
      {places.flatMap((place, index) =>
        series.map(({ name, values }, at) => (
          <li key={`${place} ${name}`}>
            <span title={place}>{`${placeText(place, isTime)}${series.length > 1 ? `, ${name}` : ''}`}</span>
            <span data-series={at} style={{ width: `${(Math.abs(values[index] ?? 0) / most) * 100}%` }} />
            <span>{numberText(values[index] ?? null)}</span>
          </li>
        )),
      )}
    </ul>
  );
}

/** Of the first series: a circle has one. */
function Pie({ data: { places, series, isTime } }: { readonly data: ChartData }) {
  const values = (series[0]?.values ?? []).map((value) => Math.max(0, value ?? 0));
  const whole = values.reduce((sum, value) => sum + value, 0);
  if (whole === 0) return null;
  const ends = values.map((_, index) => values.slice(0, index + 1).reduce((sum, value) => sum + value, 0) / whole);
  return (
    <div className={styles.pie}>
      <svg viewBox="-1 -1 2 2" role="img" aria-label={`Shares of ${places.length}`}>
        {values.map((value, index) => (
          <path
            key={places[index]}
            data-series={index % 8}
            d={sliceOf(ends[index - 1] ?? 0, ends[index] ?? 1, value === whole)}
          />
        ))}
      </svg>
      <ul className={styles.legend}>
        {places.map((place, index) => (
          <li key={place}>
            <span data-series={index % 8} aria-hidden="true" />
            {placeText(place, isTime)}: {numberText(values[index] ?? 0)} (
            {Math.round(((values[index] ?? 0) / whole) * 100)} %)
          </li>
        ))}
      </ul>
    </div>
  );
}

function sliceOf(from: number, to: number, isWhole: boolean): string {
  if (isWhole) return 'M 0 -1 A 1 1 0 1 1 -0.001 -1 Z';
  const point = (share: number) => `${Math.sin(share * 2 * Math.PI)} ${-Math.cos(share * 2 * Math.PI)}`;
  return `M 0 0 L ${point(from)} A 1 1 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(to)} Z`;
}

function placeText(place: string | undefined, isTime: boolean): string {
  if (place === undefined || place === '') return '(empty)';
  return isTime ? place.replace('T', ' ').replace(/(:00)?\.0+Z$|Z$/, '') : place;
}

function numberText(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) ? grouped(value) : String(Number(value.toPrecision(4)));
}

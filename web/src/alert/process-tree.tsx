/**
 * The process among its ancestors, siblings and children, as far as they are known. The line that the alert itself
 * carries is drawn at once; what the stored events add comes when it is there.
 */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Alert } from '../../../src/serve/api.ts';
import type { TreeProcess } from '../../../src/serve/triage-api.ts';
import { contextQuestion } from '../api/questions.ts';
import { textOf } from '../evidence/field-of.ts';
import { lineageOf, processLine, treeOf } from '../evidence/lineage.ts';
import { markCommandLine } from '../evidence/marking.ts';
import { type TreeLine, treeLines } from '../evidence/process-tree.ts';
import { Marked } from '../parts/marked.tsx';
import { Section } from '../parts/section.tsx';
import { counted } from '../words/counts.ts';
import { withoutTurns } from '../words/direction.ts';
import { distance } from '../words/time.ts';
import styles from './process-tree.module.css';

const NOTHING: ReadonlySet<string> = new Set();

export function ProcessTree({ alert }: { readonly alert: Alert }) {
  const { data, error } = useQuery(contextQuestion(alert.id));
  const [opened, setOpened] = useState(NOTHING);
  const known = lineageOf(alert);
  const stored = data?.tree.processes ?? [];
  const processes = stored.length > 0 ? stored : treeOf(known);
  const isRooted = processes[0]?.pid === 1;
  return (
    <Section title="Process tree">
      {!isRooted && (
        <p className={styles.note}>
          {processes[0]?.relation === 'ancestor'
            ? 'Earlier ancestors are not known.'
            : 'The parent is not known: it started before the watching did, or the source does not name it.'}
        </p>
      )}
      <ol className={styles.tree}>
        {treeLines(processes, opened).map((line) => (
          <Line
            key={
              line.kind === 'fold' ? line.key : `${line.process.relation} ${line.process.entity_id ?? line.process.pid}`
            }
            line={line}
            alert={alert}
            open={(key) => setOpened((keys) => new Set([...keys, key]))}
          />
        ))}
      </ol>
      {(data?.tree.left_out ?? 0) > 0 && (
        <p className={styles.note}>There were too many to ask for: {data?.tree.left_out} more are not shown.</p>
      )}
      {processes.some(({ derived }) => derived) && (
        <p className={styles.note}>≈ concluded from process numbers and times; the source did not say so.</p>
      )}
      {data?.problem !== undefined && (
        <p className={styles.note}>Its siblings and children may be missing: {data.problem}</p>
      )}
      {data !== undefined && data.problem === undefined && data.stored_from === undefined && (
        <p className={styles.note}>No events are stored, so its siblings and children are not known.</p>
      )}
      {error !== null && (
        <p className={styles.note}>
          Its siblings and children could not be loaded: {error.message} What the alert itself knows is shown.
        </p>
      )}
    </Section>
  );
}

interface LineProps {
  readonly line: TreeLine;
  readonly alert: Alert;
  readonly open: (key: string) => void;
}

function Line({ line, alert, open }: LineProps) {
  const branch = (
    <span className={styles.branch} aria-hidden="true">
      {line.branch}
    </span>
  );
  if (line.kind === 'fold') {
    return (
      <li className={styles.process}>
        {branch}
        <button type="button" className={styles.fold} onClick={() => open(line.key)}>
          {line.count} more
        </button>
      </li>
    );
  }
  const { process } = line;
  return (
    <li className={styles.process} data-relation={process.relation} aria-current={process.relation === 'self'}>
      {branch}
      <span className={styles.what}>
        <Command process={process} alert={alert} />
        <About process={process} alert={alert} />
      </span>
    </li>
  );
}

function Command({ process, alert }: { readonly process: TreeProcess; readonly alert: Alert }) {
  const event = alert.events.at(-1);
  const line = processLine(process);
  const isItself = process.relation === 'self' && event !== undefined && line === textOf(event, 'process.command_line');
  const text = <Marked text={line} ranges={isItself ? markCommandLine(event, alert.evidence) : []} />;
  return (
    <code className={styles.command} title={process.relation === 'self' ? undefined : withoutTurns(line)}>
      {process.event === undefined ? (
        text
      ) : (
        <Link to="/events/$id" params={{ id: process.event }} search={{}} title="Its start among the stored events">
          {text}
        </Link>
      )}
    </code>
  );
}

function About({ process, alert }: { readonly process: TreeProcess; readonly alert: Alert }) {
  const event = alert.events.at(-1) ?? {};
  const { relation, pid, user, start, alerts, derived } = process;
  const others = relation === 'self' ? alerts - 1 : alerts;
  const words = [
    pid !== undefined && `pid ${pid}`,
    user !== undefined && user !== textOf(event, 'user.name') && `as ${user}`,
    relation !== 'self' && start !== undefined && distance(start, alert.original_time),
  ].filter((word) => word !== false);
  const host = textOf(event, 'host.name');
  return (
    <span className={styles.about}>
      {derived && (
        <abbr className={styles.derived} title="Concluded from process numbers and times; the source did not say so">
          ≈
        </abbr>
      )}{' '}
      {words.join(' · ')}
      {others > 0 && (
        <>
          {' · '}
          <Link
            to="/"
            search={{
              status: 'all',
              fold: 'off',
              q: processLine(process),
              ...(host === undefined ? {} : { host }),
            }}
          >
            {counted(others, relation === 'self' ? 'other alert' : 'alert')}
          </Link>
        </>
      )}
    </span>
  );
}

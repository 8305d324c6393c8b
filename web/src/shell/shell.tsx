/** What stands around every page: the pages there are, the live connection, appearance, keys. */
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Status } from '../../../src/serve/api.ts';
import { useLive } from '../api/live.ts';
import { statusQuestion } from '../api/questions.ts';
import { Key } from '../parts/chip.tsx';
import { grouped } from '../words/counts.ts';
import { useAppearance } from './appearance.ts';
import { Help } from './help.tsx';
import { useKeys } from './keys.ts';
import styles from './shell.module.css';
import { UnderWay } from './under-way.tsx';

export function Shell() {
  const isConnected = useLive();
  const status = useQuery(statusQuestion).data;
  const appearance = useAppearance();
  const { pathname } = useLocation();
  const pages = useRef<HTMLElement>(null);
  useEffect(() => showWhere(pages.current, pathname), [pathname]);
  const [isHelpOpen, setHelpOpen] = useState(false);
  useKeys({ '?': () => setHelpOpen(true) });
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <header className={styles.sidebar}>
        <Link to="/" className={styles.brand}>
          <svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
            <path d="M8 0 16 14H0z" fill="currentColor" />
          </svg>
          <span className={styles.brandWord}>Vedette</span>
        </Link>
        <nav ref={pages} className={styles.nav} aria-label="Pages">
          <Link
            to="/"
            className={styles.item}
            activeOptions={{ exact: true, includeSearch: false }}
            data-part-of-list={isOfAlert(pathname)}
          >
            Alerts <Count of={status && status.alerts.open + status.alerts.acknowledged} />
          </Link>
          <Link to="/incidents" className={styles.item}>
            Incidents
          </Link>
          <Link to="/events" className={styles.item}>
            Events
          </Link>
          <Link to="/hunt" className={styles.item}>
            Hunt
          </Link>
          <Link to="/rules" className={styles.item}>
            Rules <Count of={status?.rules.enabled} />
          </Link>
          <Link to="/runs" className={styles.item}>
            Runs
          </Link>
          <Link to="/exceptions" className={styles.item}>
            Exceptions
          </Link>
          <Link to="/sources" className={styles.item}>
            Sources <Count of={status?.sources.length} />
          </Link>
          <Link to="/system" className={styles.item}>
            System <Trouble status={status} />
          </Link>
        </nav>
        <div className={styles.foot}>
          {!isConnected && (
            <p className={styles.lost} role="status">
              Live updates are interrupted; reconnecting.
            </p>
          )}
          <button type="button" className={styles.footButton} onClick={appearance.next}>
            <span>Appearance</span> <span>{appearance.label}</span>
          </button>
          <button type="button" className={styles.footButton} onClick={() => setHelpOpen(true)}>
            <span>Keys</span> <Key>?</Key>
          </button>
        </div>
      </header>
      <UnderWay />
      <main id="content" tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <Help isOpen={isHelpOpen} close={() => setHelpOpen(false)} />
    </div>
  );
}

function isOfAlert(pathname: string): boolean {
  return pathname.startsWith('/alerts/');
}

/** On a phone the pages stand in a line that is wider than the screen. */
function showWhere(pages: HTMLElement | null, pathname: string): void {
  const here = pages?.querySelector(isOfAlert(pathname) ? '[data-part-of-list="true"]' : '[aria-current="page"]');
  here?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

function Count({ of }: { readonly of: number | undefined }) {
  return of === undefined ? null : <span className={styles.count}>{grouped(of)}</span>;
}

function Trouble({ status }: { readonly status: Status | undefined }) {
  const failed = status?.sources.filter(({ state }) => state === 'failed').length ?? 0;
  return failed === 0 ? null : <span className={styles.troubled}>{failed} failed</span>;
}

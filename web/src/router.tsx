/**
 * The pages and their addresses. The list comes with the first load, every other page with its first visit.
 *
 * Search parameters are plain text in the address (`?q=curl&severity=high`), not JSON, so that people can read and
 * write them.
 */
import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent } from '@tanstack/react-router';
import { AlertsPage } from './alerts/alerts-page.tsx';
import { parseListSearch } from './alerts/list-search.ts';
import { queryString } from './api/client.ts';
import { parseEventSearch } from './events/event-search.ts';
import { parseExceptionSearch, parseStartSearch } from './exceptions/exception-search.ts';
import { parseExplainSearch } from './explain/explain-search.ts';
import { parseHuntSearch } from './hunt/hunt-search.ts';
import { parseIncidentSearch } from './incidents/incident-search.ts';
import { parseRuleSearch } from './rules/rule-search.ts';
import { parseRunSearch } from './runs/run-search.ts';
import { signFirst, watchPassages } from './shell/passage.ts';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, beforeLoad: signFirst });

const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: AlertsPage, validateSearch: parseListSearch }),
  createRoute({
    getParentRoute: () => root,
    path: '/alerts/$id',
    component: lazyRouteComponent(() => import('./alert/alert-page.tsx'), 'AlertPage'),
    validateSearch: parseListSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/incidents',
    component: lazyRouteComponent(() => import('./incidents/incidents-page.tsx'), 'IncidentsPage'),
    validateSearch: parseIncidentSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/incidents/$id',
    component: lazyRouteComponent(() => import('./incidents/incident-page.tsx'), 'IncidentPage'),
    validateSearch: parseIncidentSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/events',
    component: lazyRouteComponent(() => import('./events/events-page.tsx'), 'EventsPage'),
    validateSearch: parseEventSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/events/$id',
    component: lazyRouteComponent(() => import('./events/event-page.tsx'), 'EventPage'),
    validateSearch: parseEventSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/hunt',
    component: lazyRouteComponent(() => import('./hunt/hunt-page.tsx'), 'HuntPage'),
    validateSearch: parseHuntSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    component: lazyRouteComponent(() => import('./runs/runs-page.tsx'), 'RunsPage'),
    validateSearch: parseRunSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rules',
    component: lazyRouteComponent(() => import('./rules/rules-page.tsx'), 'RulesPage'),
    validateSearch: parseRuleSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rules/new',
    component: lazyRouteComponent(() => import('./rules/new-rule-page.tsx'), 'NewRulePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rules/$id',
    component: lazyRouteComponent(() => import('./rules/rule-page.tsx'), 'RulePage'),
    validateSearch: parseRuleSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/explain',
    component: lazyRouteComponent(() => import('./explain/explain-page.tsx'), 'ExplainPage'),
    validateSearch: parseExplainSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/exceptions',
    component: lazyRouteComponent(() => import('./exceptions/exceptions-page.tsx'), 'ExceptionsPage'),
    validateSearch: parseExceptionSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/exceptions/new',
    component: lazyRouteComponent(() => import('./exceptions/new-exception-page.tsx'), 'NewExceptionPage'),
    validateSearch: parseStartSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/exceptions/lists',
    component: lazyRouteComponent(() => import('./exceptions/lists-page.tsx'), 'ListsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/exceptions/transfer',
    component: lazyRouteComponent(() => import('./exceptions/transfer-page.tsx'), 'TransferPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/exceptions/$id',
    component: lazyRouteComponent(() => import('./exceptions/exception-page.tsx'), 'ExceptionPage'),
    validateSearch: parseExceptionSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sources',
    component: lazyRouteComponent(() => import('./sources/sources-page.tsx'), 'SourcesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sources/$name',
    component: lazyRouteComponent(() => import('./sources/source-page.tsx'), 'SourcePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/system',
    component: lazyRouteComponent(() => import('./system/system-page.tsx'), 'SystemPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: queryString,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

watchPassages(router);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        See the <Link to="/">alerts</Link>.
      </p>
    </>
  );
}

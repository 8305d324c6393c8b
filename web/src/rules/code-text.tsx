/** Code on a page: plain until CodeMirror has come, which no page waits for. */
import { lazy, Suspense } from 'react';
import type { CodePaneProps } from '../code/code-pane.tsx';
import partStyles from '../parts/parts.module.css';

const CodePane = lazy(() => import('../code/code-pane.tsx'));

export function CodeText(props: CodePaneProps) {
  return (
    <Suspense fallback={<pre className={partStyles.code}>{props.text}</pre>}>
      <CodePane {...props} />
    </Suspense>
  );
}

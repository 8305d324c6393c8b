/**
 * Texts of rules, which anyone may have written. No raw HTML, no images (they would call home), links to the web only,
 * and headings placed below those of the page. Of GitHub's additions to Markdown only tables, which guides use.
 */
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import ReactMarkdown, { type Components } from 'react-markdown';
import { webAddress } from '../words/attack.ts';
import { OutsideLink } from './outside-link.tsx';
import styles from './parts.module.css';

const COMPONENTS: Components = {
  a: ({ href, children }) =>
    href === undefined || href === '' ? <span>{children}</span> : <OutsideLink href={href}>{children}</OutsideLink>,
  h1: 'h3',
  h2: 'h3',
  h4: 'h3',
  h5: 'h3',
  h6: 'h3',
  // Wider than the page, it is scrolled within, also with the keyboard.
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard
    <section className={styles.tableFrame} aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </section>
  ),
};

export default function Markdown({ children }: { readonly children: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown
        skipHtml
        remarkPlugins={[tables]}
        disallowedElements={['img']}
        unwrapDisallowed
        urlTransform={(url) => webAddress(url) ?? ''}
        components={COMPONENTS}
      >
        {children}
      </ReactMarkdown>
    </div>
  );
}

/** A plugin for the parser that react-markdown runs: the grammar of tables, and what they are in the tree. */
function tables(this: { data(): object }): void {
  const data: { micromarkExtensions?: unknown[]; fromMarkdownExtensions?: unknown[] } = this.data();
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), gfmTable()];
  data.fromMarkdownExtensions = [...(data.fromMarkdownExtensions ?? []), gfmTableFromMarkdown()];
}

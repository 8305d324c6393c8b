/**
 * Texts of rules, which anyone may have written. No raw HTML, no images (they would call home), links to the web only,
 * and headings placed below those of the page.
 */
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
};

export default function Markdown({ children }: { readonly children: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown
        skipHtml
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

/** A rule's references: web addresses as links, anything else as the text it is. */
import { webAddress } from '../words/attack.ts';
import { OutsideLink } from './outside-link.tsx';

export function ReferenceList({ references }: { readonly references: readonly string[] }) {
  return references.map((reference) => {
    const href = webAddress(reference);
    return (
      <div key={reference}>
        {href === undefined ? reference : <OutsideLink href={href}>{shortened(href)}</OutsideLink>}
      </div>
    );
  });
}

function shortened(href: string): string {
  return href.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '');
}

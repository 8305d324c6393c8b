/** ATT&CK techniques as links to their pages. */
import type { Alert } from '../../../src/serve/api.ts';
import { attackLinks } from '../words/attack.ts';
import { OutsideLink } from './outside-link.tsx';

export function AttackIds({ threat }: { readonly threat: Alert['threat'] }) {
  return attackLinks(threat).map(({ id, name, href }) => {
    const text = `${id} ${name}`;
    return href === undefined ? (
      <span key={id}>{text}</span>
    ) : (
      <OutsideLink key={id} href={href}>
        {text}
      </OutsideLink>
    );
  });
}

/** Back to the list of sources, and through it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import alertStyles from '../alert/alert.module.css';
import { sourcesQuestion } from '../api/questions.ts';
import { Key } from '../parts/chip.tsx';
import { sourcePlace } from '../parts/list-place.ts';
import { useKeys } from '../shell/keys.ts';
import { grouped } from '../words/counts.ts';

export function SourceTrail({ name }: { readonly name: string }) {
  const navigate = useNavigate();
  const sources = useQuery(sourcesQuestion).data ?? [];
  const index = sources.findIndex((source) => source.name === name);
  useEffect(() => {
    if (index !== -1) sourcePlace.remember({ id: name, index });
  }, [name, index]);
  const stepTo = (to: number) => {
    const target = index === -1 ? undefined : sources[to]?.name;
    if (target === undefined) return undefined;
    return () => void navigate({ to: '/sources/$name', params: { name: target }, replace: true });
  };
  const [next, previous] = [stepTo(index + 1), stepTo(index - 1)];
  const back = () => void navigate({ to: '/sources', resetScroll: false });
  useKeys({ j: next, k: previous, Escape: back });
  return (
    <nav className={alertStyles.trail} aria-label="List">
      <Link to="/sources" resetScroll={false}>
        ← Sources <Key>Esc</Key>
      </Link>
      <div className={alertStyles.steps}>
        {index !== -1 && (
          <span>
            {grouped(index + 1)} of {grouped(sources.length)}
          </span>
        )}
        <button type="button" className={alertStyles.step} disabled={previous === undefined} onClick={previous}>
          Previous <Key>k</Key>
        </button>
        <button type="button" className={alertStyles.step} disabled={next === undefined} onClick={next}>
          Next <Key>j</Key>
        </button>
      </div>
    </nav>
  );
}

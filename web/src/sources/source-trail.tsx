/** Back to the list of sources, and through it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { sourcesQuestion } from '../api/questions.ts';
import { Key } from '../parts/chip.tsx';
import { sourcePlace } from '../parts/list-place.ts';
import { Trail } from '../parts/trail.tsx';

export function SourceTrail({ name }: { readonly name: string }) {
  const navigate = useNavigate();
  const names = (useQuery(sourcesQuestion).data ?? []).map((source) => source.name);
  return (
    <Trail
      id={name}
      ids={names}
      total={names.length}
      place={sourcePlace}
      open={(target) => void navigate({ to: '/sources/$name', params: { name: target }, replace: true })}
      back={() => void navigate({ to: '/sources', resetScroll: false })}
    >
      <Link to="/sources" resetScroll={false}>
        ← Sources <Key>Esc</Key>
      </Link>
    </Trail>
  );
}

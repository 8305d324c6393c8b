/** Back to the list, and through it: the next and the previous alert of the same filter. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ListSearch } from '../alerts/list-search.ts';
import { useAlertList } from '../alerts/use-alert-list.ts';
import { membersQuestion } from '../api/questions.ts';
import { Key } from '../parts/chip.tsx';
import { alertPlace } from '../parts/list-place.ts';
import { Trail } from '../parts/trail.tsx';

export function AlertTrail({ id, search }: { readonly id: string; readonly search: ListSearch }) {
  const navigate = useNavigate();
  const { ids, total, answer } = useAlertList(search);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = answer;
  const isLast = ids.at(-1) === id;
  // One that is folded under another has that one's place.
  const isListed = ids.length === 0 || ids.includes(id);
  const members = useQuery({ ...membersQuestion(id), enabled: !isListed }).data;
  const head = isListed ? id : members?.find((member) => ids.includes(member.id))?.id;
  useEffect(() => {
    if (isLast && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isLast, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <Trail
      id={id}
      standIn={head}
      ids={ids}
      total={total}
      place={alertPlace}
      open={(target) => void navigate({ to: '/alerts/$id', params: { id: target }, search, replace: true })}
      // The list goes to its own place; scrolled to its top after that, it would lose it.
      back={() => void navigate({ to: '/', search, resetScroll: false })}
    >
      <Link to="/" search={search} resetScroll={false}>
        ← Alerts <Key>Esc</Key>
      </Link>
    </Trail>
  );
}

import { ArrowUp, History, SearchX } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ActivityKind } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { MirrorFilter } from '../../components/mirror-filter.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useDebounced } from '../../components/use-debounced.ts';
import { useActivity } from '../../engine/use-activity.ts';
import { goTo } from '../../route.ts';
import { formatCount, text } from '../../text/format.ts';
import { ActivityDays } from './activity-days.tsx';
import styles from './activity-view.module.css';

type Filter = keyof typeof text.activities.kinds;

const kindsOf: Readonly<Record<Filter, readonly ActivityKind[] | null>> = {
  all: null,
  transfers: ['uploaded', 'downloaded', 'bound'],
  removals: ['removed'],
  waiting: ['held'],
  problems: ['problem', 'error'],
};
const filters = Object.keys(kindsOf) as readonly Filter[];

/** Further down than this a person reads, and nothing may move. Pixels. */
const readingFrom = 8;

/** What has happened, the newest first. What happens meanwhile comes on top, unless a person reads further down: then it waits. */
export default function ActivityView({ mirrorId }: { readonly mirrorId: string | null }) {
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const searched = useDebounced(search.trim(), 150);
  const { items, problem, again, ...pages } = useActivity({
    mirrorId,
    kinds: kindsOf[filter],
    search: searched,
  });
  const scroller = useRef<HTMLDivElement>(null);
  /** The newest entry that is shown while a person reads; null: all are. */
  const [newestShown, setNewestShown] = useState<number | null>(null);
  const shown = newestShown === null ? items : (items?.filter(({ id }) => id <= newestShown) ?? null);
  const waiting = (items?.length ?? 0) - (shown?.length ?? 0);
  const words = text.activities;
  const isPlain = filter === 'all' && searched === '' && mirrorId === null;
  const toTop = (): void => {
    setNewestShown(null);
    scroller.current?.scrollTo({ top: 0 });
  };

  return (
    <Screen
      title={text.frame.activity}
      subtitle={words.subtitle}
      isFilled
      actions={
        <>
          <SearchField
            label={words.search}
            hint={words.searchHint}
            value={search}
            onChange={(next) => {
              toTop();
              setSearch(next);
            }}
          />
          <MirrorFilter
            label={words.mirror}
            all={words.allMirrors}
            mirrorId={mirrorId}
            onChange={(next) => {
              toTop();
              goTo({ screen: 'activity', mirrorId: next });
            }}
          />
        </>
      }
    >
      <div className={styles.filters}>
        <Segmented<Filter>
          label={words.filter}
          value={filter}
          options={filters.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={(next) => {
            toTop();
            setFilter(next);
          }}
        />
      </div>
      <div className={styles.frame}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be one of a form */}
        <div
          ref={scroller}
          className={styles.scroller}
          role="group"
          aria-label={words.list}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it
          tabIndex={0}
          onScroll={({ currentTarget }) => {
            if (currentTarget.scrollTop <= readingFrom) setNewestShown(null);
            else setNewestShown((before) => before ?? items?.[0]?.id ?? null);
          }}
        >
          <div className={styles.page}>
            <ProblemNotice problem={problem} onRetry={again} />
            {shown === null ? null : shown.length > 0 ? (
              <>
                <ActivityDays activities={shown} namesMirrors={mirrorId === null} />
                <p className={styles.end}>
                  {pages.hasOlder ? (
                    <Button disabled={pages.isLoadingOlder} onClick={pages.older}>
                      {pages.isLoadingOlder ? words.loadingOlder : words.older}
                    </Button>
                  ) : (
                    words.end
                  )}
                </p>
              </>
            ) : isPlain ? (
              <EmptyState icon={<History size={22} />} title={words.noneTitle}>
                <p>{words.noneText}</p>
              </EmptyState>
            ) : (
              <EmptyState
                icon={<SearchX size={22} />}
                title={words.noMatchTitle}
                actions={
                  <Button
                    onClick={() => {
                      setFilter('all');
                      setSearch('');
                      goTo({ screen: 'activity', mirrorId: null });
                    }}
                  >
                    {words.showAll}
                  </Button>
                }
              >
                <p>{words.noMatchText}</p>
              </EmptyState>
            )}
          </div>
        </div>
        {waiting === 0 ? null : (
          <Button className={styles.newer} icon={<ArrowUp size={13} />} onClick={toTop}>
            {words.newer(waiting, formatCount(waiting))}
          </Button>
        )}
      </div>
    </Screen>
  );
}

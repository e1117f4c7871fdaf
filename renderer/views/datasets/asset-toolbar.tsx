import { ArrowDownWideNarrow, ArrowUpNarrowWide, X } from 'lucide-react';
import { type FormEvent, useEffect, useId, useState } from 'react';
import type { AssetSort, Problem } from '../../../app/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Select, TextInput } from '../../components/field.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { text } from '../../text/format.ts';
import styles from './asset-toolbar.module.css';

/** Which assets a person wants to see, and in which order. */
export interface AssetWish {
  readonly search: string;
  readonly sort: AssetSort;
  readonly descending: boolean;
  /** Metadata query; empty: none. */
  readonly query: string;
}

export const plainWish: AssetWish = { search: '', sort: 'assetId', descending: false, query: '' };

interface AssetToolbarProps {
  readonly wish: AssetWish;
  readonly onChange: (wish: AssetWish) => void;
  /** What is wrong with the query. */
  readonly problem: Problem | null;
}

/** How assets are found and sorted. */
export function AssetToolbar({ wish, onChange, problem }: AssetToolbarProps) {
  const id = useId();
  const [query, setQuery] = useState(wish.query);
  useEffect(() => setQuery(wish.query), [wish.query]);
  const words = text.datasets;
  const Order = wish.descending ? ArrowDownWideNarrow : ArrowUpNarrowWide;
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    onChange({ ...wish, query: query.trim() });
  };
  return (
    <div className={styles.toolbar}>
      <SearchField
        label={words.searchAssets}
        hint={words.searchAssetsHint}
        value={wish.search}
        onChange={(search) => onChange({ ...wish, search })}
      />
      <form className={styles.query} onSubmit={apply}>
        <TextInput
          className={classNames(styles.input, problem !== null && styles.wrong)}
          aria-label={words.query}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          placeholder={`${words.query}: camera == "front"`}
          title={words.queryHint}
          maxLength={2000}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
        <Button type="submit" disabled={query.trim() === wish.query}>
          {words.queryGo}
        </Button>
        {wish.query === '' ? null : (
          <IconButton
            label={words.queryClear}
            icon={<X size={14} />}
            onClick={() => onChange({ ...wish, query: '' })}
          />
        )}
      </form>
      <div className={styles.order}>
        <Select
          className={styles.sort ?? ''}
          aria-label={words.sort}
          title={words.sort}
          value={wish.sort}
          onChange={({ target }) => {
            const sort = sorts().find((sort) => sort === target.value);
            if (sort !== undefined) onChange({ ...wish, sort });
          }}
        >
          {sorts().map((sort) => (
            <option key={sort} value={sort}>
              {words.sorts[sort]}
            </option>
          ))}
        </Select>
        <IconButton
          label={wish.descending ? words.descending : words.ascending}
          icon={<Order size={16} />}
          onClick={() => onChange({ ...wish, descending: !wish.descending })}
        />
      </div>
      {problem === null ? null : (
        <p id={`${id}-problem`} className={styles.problem}>
          {problem.detail} {problem.suggestion}
        </p>
      )}
    </div>
  );
}

const sorts = (): readonly AssetSort[] => Object.keys(text.datasets.sorts) as AssetSort[];

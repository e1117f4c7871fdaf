import type { Database } from './database.ts';

/** Runs a piece of work on the database; may refuse it, and may look at its error. */
export type Guard = <T>(work: () => T) => T;

/**
 * Lets every statement that is prepared from now on run inside a guard, so that no caller of any table can go past it. What the methods
 * take and give stays as it is.
 */
export function guardStatements(database: Database, guard: Guard): void {
  const prepare = database.prepare.bind(database);
  Object.defineProperty(database, 'prepare', {
    configurable: true,
    value: (sql: string) => {
      const statement = guard(() => prepare(sql));
      for (const name of ['run', 'get', 'all'] as const) {
        const method = statement[name];
        Object.defineProperty(statement, name, {
          value: (...values: unknown[]) => guard(() => Reflect.apply(method, statement, values)),
        });
      }
      const { iterate } = statement;
      Object.defineProperty(statement, 'iterate', {
        value: function* (...values: unknown[]) {
          const rows = guard(() => iterate.apply(statement, values));
          try {
            for (let row = guard(() => rows.next()); !row.done; row = guard(() => rows.next()))
              yield row.value;
          } finally {
            rows.return?.();
          }
        },
      });
      return statement;
    },
  });
}

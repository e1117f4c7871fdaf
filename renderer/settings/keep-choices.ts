const choices = [7, 14, 30, 60, 90, 180, 365] as const;

/** For how many days the trash can be told to keep files, what it is told now among them. */
export function keepChoices(now: number | null): readonly number[] {
  if (now === null || choices.some((days) => days === now)) return choices;
  return [...choices, now].toSorted((a, b) => a - b);
}

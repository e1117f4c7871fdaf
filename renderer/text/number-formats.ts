const byteUnits = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** The formats of a locale, made once: making one costs far more than using it. */
export function numberFormats(locale: string) {
  const unit = (
    name: string,
    unitDisplay: 'short' | 'narrow',
    maximumFractionDigits = 0,
  ): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay, maximumFractionDigits });
  return {
    integer: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
    decimal: new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: false }),
    percent: new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }),
    // The narrow form of German calls minutes “m”, which is read as metres.
    relative: new Intl.RelativeTimeFormat(locale, {
      style: locale.startsWith('en') ? 'narrow' : 'short',
      numeric: 'always',
    }),
    timeOfDay: new Intl.DateTimeFormat(locale, { timeStyle: 'short' }),
    dayOfYear: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }),
    shortDay: new Intl.DateTimeFormat(locale, { weekday: 'short' }),
    fullDay: new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }),
    fullTime: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }),
    bytes: byteUnits.map((name) => ({ precise: unit(name, 'short', 1), round: unit(name, 'short') })),
    seconds: unit('second', 'narrow'),
    minutes: unit('minute', 'short'),
    hours: unit('hour', 'short'),
  };
}

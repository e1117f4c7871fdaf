/** The channels between the page's preload and the main process. Each message begins with the page's number of a connection. */
export const channels = {
  /** From the page: (number). */
  open: 'engine:open',
  /** From the page: (number, JSON text). */
  post: 'engine:post',
  /** From the page: (number). */
  close: 'engine:close',
  /** To the page: (number). */
  opened: 'engine:opened',
  /** To the page: (number, JSON text). */
  text: 'engine:text',
  /** To the page: (number). */
  closed: 'engine:closed',
} as const;

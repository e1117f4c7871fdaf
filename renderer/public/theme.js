// Runs before the first paint, so that the window never flashes in another theme. The page keeps the name up to date.
(() => {
  const theme = localStorage.getItem('vi-sync.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();

// Runs before the first paint, so that a dark page does not flash white; a file of its own because the policy forbids
// inline scripts. The same key and attribute as Mantine's provider, which takes over once it has loaded.
(() => {
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value') ?? 'auto';
  } catch {
    // Storage is off: the system's scheme is the answer.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();

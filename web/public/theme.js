// Before the first paint, so that a chosen theme does not flash the other one. The key is settings-model.ts's.
try {
  document.documentElement.dataset.theme = localStorage.getItem('hostview.theme') || 'system';
} catch {
  // Storage is forbidden: the system's theme.
}

// How long ago something was, as one says it.

function startOfDay(time) {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

// "Today", "Yesterday", "Last 7 days", or the month.
export function longDate(time) {
  // Days are not always 24 hours long.
  const days = Math.round((startOfDay(Date.now()) - startOfDay(time)) / 86_400_000);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days <= 7) return "Last 7 days";
  return new Intl.DateTimeFormat("en", { month: "long", year: "numeric" }).format(time);
}

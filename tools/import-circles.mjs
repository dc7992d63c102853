/**
 * The circles among files that import each other, as one row of paths each that begins and ends with the same file.
 * `imports` has, for each file, the files that it imports. Where circles share files, some of them are named.
 */
export function findCircles(imports) {
  const circles = [];
  const done = new Set();
  const route = [];

  function follow(file) {
    const start = route.indexOf(file);
    if (start >= 0) circles.push([...route.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    route.push(file);
    for (const imported of imports.get(file) ?? []) follow(imported);
    route.pop();
    done.add(file);
  }

  for (const file of imports.keys()) follow(file);
  return circles;
}

/**
 * The circles among files that import each other, each as a list of paths that starts and ends with the same file.
 * `imports` has the imports of each file. If circles share files, only some of them are listed.
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

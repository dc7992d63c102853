/** A model of the Hub: `owner/name`. */
export const repositoryPattern = '^[\\w-][\\w.-]{0,95}/[\\w-][\\w.-]{0,95}$';

/** A branch, a tag, a commit, or a pull request's `refs/pr/1`. Parts of it become file names, so none starts with a dot. */
export const revisionPattern = '^[\\w-][\\w.-]{0,99}(/[\\w-][\\w.-]{0,99})*$';

export function isRepository(name: string): boolean {
  return new RegExp(repositoryPattern).test(name);
}

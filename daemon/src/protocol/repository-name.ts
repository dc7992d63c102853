/** A model of the Hub: `owner/name`. */
export const repositoryPattern = '^[\\w-][\\w.-]{0,95}/[\\w-][\\w.-]{0,95}$';

export function isRepository(name: string): boolean {
  return new RegExp(repositoryPattern).test(name);
}

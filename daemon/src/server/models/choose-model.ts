import { HearthError } from '../../errors/hearth-error.ts';
import { nameOf } from '../../languages/read-language.ts';
import type { ModelFolder } from '../../models/list-models.ts';
import { type ModelAbilities, readAbilities } from '../../models/model-abilities.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import { isRepository } from '../../protocol/repository-name.ts';
import type { ModelStore } from './model-store.ts';

type Asked = Pick<TranscriptionOptions, 'model' | 'task' | 'language' | 'languages'>;
type Models = Pick<ModelStore, 'find' | 'list' | 'translator'>;

export interface ChosenModel<Options> {
  readonly model: ModelFolder;
  /** As given, with the language of a model that writes one alone. */
  readonly options: Options;
}

/**
 * The model that a job names, or the default one, if it can do what the options ask. A translation by a model that does
 * not translate goes to the one in the setting `translateModel`.
 * @throws `MODEL_NOT_FOUND`, `MODEL_UNABLE` with the models here that can do it
 */
export async function chooseModel<Options extends Asked>(
  models: Models,
  options: Options,
): Promise<ChosenModel<Options>> {
  const model = await models.find(options.model);
  const abilities = await readAbilities(model);
  // What a model's files do not tell, the engine finds out.
  if (abilities === null) return { model, options };
  if (canDo(abilities, options)) return { model, options: withOnlyLanguage(options, abilities) };
  const translator = models.translator();
  const isTranslation = options.task === 'translate' && !abilities.translates;
  if (!isTranslation || translator === null || translator === options.model) throw await unable(models, model, options);
  await models.find(translator).catch((error: HearthError) => {
    throw error.code === 'MODEL_NOT_FOUND' ? noTranslator(translator, error) : error;
  });
  return chooseModel({ ...models, translator: () => null }, { ...options, model: translator });
}

function noTranslator(name: string, cause: HearthError): HearthError {
  return new HearthError('MODEL_NOT_FOUND', `The setting translateModel names ${name}, which is not on this machine.`, {
    hint: isRepository(name) ? `Download it with \`hearth models pull ${name}\`, or name another one.` : cause.hint,
    cause,
  });
}

function canDo({ languages, translates }: ModelAbilities, asked: Asked): boolean {
  // What is said in English is its own translation.
  const isEnglish = asked.language === 'en' && languages.length > 1;
  if (asked.task === 'translate' && !translates && !isEnglish) return false;
  const knows = (code: string) => languages.includes(code);
  if (asked.language !== undefined) return knows(asked.language);
  const { languages: candidates = [] } = asked;
  // Of several that may be spoken, a model of English alone has to know one.
  return candidates.length === 0 || (languages.length === 1 ? candidates.some(knows) : candidates.every(knows));
}

/** A model that was taught English alone detects nothing, even if its vocabulary has every language. */
function withOnlyLanguage<Options extends Asked>(options: Options, { languages }: ModelAbilities): Options {
  const [only, another] = languages;
  if (another !== undefined || only === undefined || options.language !== undefined) return options;
  const { languages: _, ...others } = options;
  return { ...(others as Options), language: only };
}

async function unable(models: Models, { name }: ModelFolder, asked: Asked): Promise<HearthError> {
  const able = (await models.list()).filter(({ languages, translates }) => {
    return languages !== null && translates !== null && canDo({ languages, translates }, asked);
  });
  const names = able.map((model) => model.name);
  const byHand = asked.task === 'translate' ? ', or set `translateModel` in the settings' : '';
  return new HearthError('MODEL_UNABLE', `Expected a model that ${wanted(asked)}, got ${name}, which does not.`, {
    hint:
      names.length === 0
        ? 'No model here does. `hearth models list --available` shows some that do.'
        : `Use ${names.join(' or ')}${byHand}.`,
  });
}

function wanted({ task, language, languages = [] }: Asked): string {
  if (task === 'translate') return language === undefined ? 'translates' : `translates ${nameOf(language)}`;
  const codes = language === undefined ? languages : [language];
  return `writes ${codes.map(nameOf).join(', ')}`;
}

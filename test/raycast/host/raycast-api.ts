import { createComponents } from './components.ts';
import { createLocalStorage } from './local-storage.ts';
import type { Mac } from './mac.ts';
import type { Launch } from './messages.ts';
import { strict } from './strict.ts';
import { toastStyle } from './toast.ts';

export interface ApiRequest {
  readonly launch: Launch;
  readonly mac: Mac;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly assetsFolder: string;
  readonly mode: string;
}

/** A stand-in for `@raycast/api`, whose real one exists only inside the app: what the extension uses of it, and no more. */
export function createRaycastApi({ launch, mac, preferences, assetsFolder, mode }: ApiRequest): object {
  return strict(
    {
      ...createComponents(),
      Alert: { ActionStyle: { Default: 'default', Destructive: 'destructive', Cancel: 'cancel' } },
      Clipboard: strict(
        {
          read: async () => ({ text: '', ...launch.clipboard }),
          copy: async (text: string) => mac.change({ clipboard: text }),
          paste: async (text: string) => mac.change({ pasted: [...mac.state.pasted, text] }),
        },
        'Clipboard',
      ),
      Color: namesOf('Color'),
      Icon: namesOf('Icon'),
      Keyboard: { Shortcut: { Common: namesOf('Keyboard.Shortcut.Common') } },
      LaunchType: { UserInitiated: 'userInitiated', Background: 'background' },
      LocalStorage: strict(createLocalStorage(launch.supportFolder), 'LocalStorage'),
      Toast: { Style: toastStyle },
      environment: strict(
        {
          appearance: 'dark',
          assetsPath: assetsFolder,
          commandMode: mode,
          commandName: launch.command,
          extensionName: 'hearth',
          isDevelopment: false,
          launchType: 'userInitiated',
          raycastVersion: '1.104.25',
          supportPath: launch.supportFolder,
        },
        'environment',
      ),
      confirmAlert: async ({ title }: { title: string }) => {
        mac.change({ alerts: [...mac.state.alerts, title] });
        return launch.confirms ?? true;
      },
      getPreferenceValues: () => preferences,
      getSelectedFinderItems: async () => {
        if (launch.finderSelection) return launch.finderSelection.map((path) => ({ path }));
        throw new Error("Unable to get selected Finder items because Finder isn't the frontmost application");
      },
      // developers.raycast.com/api-reference/preferences: opens the extension's preferences screen.
      openExtensionPreferences: async () => mac.change({ preferencesOpened: mac.state.preferencesOpened + 1 }),
      launchCommand: async ({ name }: { name: string }) => mac.change({ launched: [...mac.state.launched, name] }),
      showHUD: async (title: string) => {
        // A menu is no window, and stays in the menu bar.
        mac.change({ huds: [...mac.state.huds, title], isWindowOpen: mode === 'menu-bar' });
      },
      showInFinder: async (path: string) => mac.change({ shownInFinder: [...mac.state.shownInFinder, path] }),
      showToast: mac.showToast,
      // developers.raycast.com/api-reference/command: only the subtitle can be changed; null clears it.
      updateCommandMetadata: async ({ subtitle }: { subtitle: string | null }) => mac.change({ subtitle }),
      useNavigation: () => ({ push: mac.push, pop: mac.pop }),
    },
    '@raycast/api',
  );
}

/** Members that stand for themselves; that they exist is what the extension's type check is for. */
function namesOf(name: string): object {
  return new Proxy({}, { get: (_, member) => (typeof member === 'string' ? `${name}.${member}` : undefined) });
}

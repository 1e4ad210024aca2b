import { turns } from '../conversation/conversation.ts';
import { Composer } from '../conversation/composer.tsx';
import { isDropping } from '../conversation/dropping.ts';
import { TurnList } from '../conversation/turn-list.tsx';
import { Welcome } from '../conversation/welcome.tsx';
import { CameraDialog } from '../dialogs/camera-dialog.tsx';
import { ModelsDialog } from '../dialogs/models-dialog.tsx';
import { dialog } from '../dialogs/open-dialog.ts';
import { SettingsDialog } from '../dialogs/settings-dialog.tsx';
import { insideOpen, isNarrow } from '../look/looked-at.ts';
import { Announcer } from './announce.tsx';
import { Inside } from './inside.tsx';
import { LoadBar } from './load-bar.tsx';
import { NoticeBar } from './notice-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** The whole page. */
export function App() {
  const covered = isNarrow.value && insideOpen.value;
  return (
    <>
      <div class="page">
        <div class="front" inert={covered}>
          <a class="skip" href="#question">
            Skip to the question
          </a>
          <TopBar />
          <main class="talk">
            <div class="talk-scroll" tabIndex={-1}>
              <div class="talk-column">
                {turns.value.length === 0 ? (
                  <Welcome />
                ) : (
                  <>
                    <h1 class="unseen">Questions and answers</h1>
                    <TurnList turns={turns.value} />
                  </>
                )}
              </div>
            </div>
            <div class="talk-end">
              <LoadBar />
              <NoticeBar />
              <Composer />
            </div>
          </main>
        </div>
        <Inside />
      </div>
      {isDropping.value && (
        <div class="drop-hint" aria-hidden="true">
          <p>Drop a picture, or the folder of a model</p>
        </div>
      )}
      {dialog.value === 'models' && <ModelsDialog />}
      {dialog.value === 'settings' && <SettingsDialog />}
      {dialog.value === 'camera' && <CameraDialog />}
      <Announcer />
    </>
  );
}

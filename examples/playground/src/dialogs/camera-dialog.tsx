import { useEffect, useRef, useState } from 'preact/hooks';
import { addPictures } from '../conversation/draft.ts';
import { Dialog } from './dialog.tsx';
import { closeDialog } from './open-dialog.ts';

/** Shows the camera, and takes a picture of it. The camera is off again when the dialog closes. */
export function CameraDialog() {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let closed = false;
    const open = async () => {
      stream = await openCamera();
      if (closed) stopAll(stream);
      else if (video.current !== null) video.current.srcObject = stream;
    };
    open().catch((error: unknown) => setProblem(whyNoCamera(error)));
    return () => {
      closed = true;
      stopAll(stream);
    };
  }, []);
  const take = async () => {
    if (video.current === null) return;
    const picture = await pictureOf(video.current);
    closeDialog();
    if (picture !== null) await addPictures([{ file: picture, name: 'camera picture' }]);
  };
  return (
    <Dialog title="Camera">
      {problem === null ? (
        <video
          ref={video}
          class="camera"
          autoplay
          playsInline
          muted
          aria-label="What the camera sees"
          onLoadedData={() => setReady(true)}
        />
      ) : (
        <p role="alert">{problem}</p>
      )}
      <div class="button-row">
        <button type="button" class="button strong" disabled={!ready || problem !== null} onClick={() => void take()}>
          Take the picture
        </button>
      </div>
    </Dialog>
  );
}

async function openCamera(): Promise<MediaStream> {
  // Absent outside secure contexts.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) throw new DOMException('The page is not served over https.', 'SecurityError');
  return devices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 } }, audio: false });
}

function stopAll(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function pictureOf(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function whyNoCamera(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return 'The camera was not allowed. Allow it in the address bar, then try again.';
  if (name === 'NotFoundError') return 'There is no camera. Choose or drop a picture instead.';
  if (name === 'SecurityError') return 'Browsers give the camera only to pages served over https.';
  return `The camera does not start: ${error instanceof Error ? error.message : String(error)}`;
}

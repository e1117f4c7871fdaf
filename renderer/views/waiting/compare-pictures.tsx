import { ImageOff, Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Hold, MirrorStatus } from '../../../app/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { formatPart, text } from '../../text/format.ts';
import styles from './compare-pictures.module.css';
import { herePicture, therePicture } from './hold-pictures.ts';
import { SideFacts } from './side-facts.tsx';
import { fitted, moved, type Sight, zoomed } from './sight.ts';

interface ComparePicturesProps {
  readonly mirror: MirrorStatus;
  readonly hold: Hold;
}

/** Beyond this the pictures are fetched anew, with more pixels. */
const closeScale = 1.6;
const zoomStep = 1.5;
const moveStep = 0.12;

/** Both pictures side by side. They zoom and move in step, so that the same place of both is looked at. */
export function ComparePictures({ mirror, hold }: ComparePicturesProps) {
  const [sight, setSight] = useState<Sight>(fitted);
  const frame = useRef<HTMLDivElement>(null);
  const words = text.waiting;
  const size = sight.scale > closeScale ? 'large' : 'normal';
  useWheelZoom(frame, setSight);
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, (before: Sight) => Sight>> = {
      '+': (before) => zoomed(before, zoomStep),
      '=': (before) => zoomed(before, zoomStep),
      '-': (before) => zoomed(before, 1 / zoomStep),
      '0': () => fitted,
      ArrowLeft: (before) => moved(before, moveStep, 0),
      ArrowRight: (before) => moved(before, -moveStep, 0),
      ArrowUp: (before) => moved(before, 0, moveStep),
      ArrowDown: (before) => moved(before, 0, -moveStep),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setSight(step);
  };
  return (
    <div className={styles.frame} ref={frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keys zoom and move both pictures */}
      <fieldset className={styles.pictures} tabIndex={0} aria-label={words.pictures} onKeyDown={onKeyDown}>
        <Picture
          side={words.here}
          gone={words.goneHere}
          facts={<SideFacts side={hold.local} other={hold.remote} />}
          name={hold.local?.name ?? hold.path}
          source={herePicture(mirror, hold, size)}
          sight={sight}
          onSight={setSight}
        />
        <Picture
          side={words.there}
          gone={words.goneThere}
          facts={<SideFacts side={hold.remote} other={hold.local} />}
          name={hold.remote?.name ?? hold.path}
          source={therePicture(mirror, hold, size)}
          sight={sight}
          onSight={setSight}
        />
      </fieldset>
      <div className={styles.tools}>
        <IconButton
          label={words.zoomOut}
          icon={<Minus size={14} />}
          onClick={() => setSight((before) => zoomed(before, 1 / zoomStep))}
        />
        <output className={styles.scale} aria-label={words.zoom(formatPart(sight.scale))}>
          {formatPart(sight.scale)}
        </output>
        <IconButton
          label={words.zoomIn}
          icon={<Plus size={14} />}
          onClick={() => setSight((before) => zoomed(before, zoomStep))}
        />
        <Button look="quiet" onClick={() => setSight(fitted)}>
          {words.fit}
        </Button>
      </div>
    </div>
  );
}

interface PictureProps {
  readonly side: string;
  readonly gone: string;
  readonly facts: ReactNode;
  readonly name: string;
  /** Null: this side has none. */
  readonly source: string | null;
  readonly sight: Sight;
  readonly onSight: (change: (before: Sight) => Sight) => void;
}

function Picture({ side, gone, facts, name, source, sight, onSight }: PictureProps) {
  const [state, setState] = useState<{ readonly source: string; readonly isBroken: boolean } | null>(null);
  const isShown = state?.isBroken === false;
  const isBroken = state?.isBroken === true && state.source === source;
  const drag = useDrag(onSight);
  return (
    <figure className={styles.picture}>
      <figcaption className={styles.caption}>{side}</figcaption>
      <div className={classNames(styles.field, sight.scale > 1 && styles.grabbable)} {...drag}>
        {source === null ? (
          <p className={styles.words}>{gone}</p>
        ) : isBroken ? (
          <p className={styles.words}>
            <ImageOff size={20} aria-hidden="true" />
            <strong>{text.waiting.noPicture}</strong>
            {text.waiting.noPictureText}
          </p>
        ) : (
          <img
            className={classNames(styles.image, !isShown && styles.coming)}
            src={source}
            alt={text.waiting.pictureOf(side, name)}
            draggable={false}
            decoding="async"
            style={{
              transform: `translate(${sight.x * 100}%, ${sight.y * 100}%) scale(${sight.scale})`,
            }}
            onLoad={() => setState({ source, isBroken: false })}
            onError={() => setState({ source, isBroken: true })}
          />
        )}
      </div>
      {facts}
    </figure>
  );
}

/** Moves both pictures with the pointer while one of them is held. */
function useDrag(onSight: PictureProps['onSight']) {
  const last = useRef<{ readonly x: number; readonly y: number } | null>(null);
  return {
    onPointerDown(event: PointerEvent<HTMLDivElement>): void {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      last.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>): void {
      const before = last.current;
      if (before === null) return;
      last.current = { x: event.clientX, y: event.clientY };
      const { clientWidth, clientHeight } = event.currentTarget;
      const [x, y] = [(event.clientX - before.x) / clientWidth, (event.clientY - before.y) / clientHeight];
      onSight((sight) => moved(sight, x, y));
    },
    onPointerUp(): void {
      last.current = null;
    },
    onPointerCancel(): void {
      last.current = null;
    },
  };
}

/** Zooms with the wheel and Ctrl, or with two fingers; the wheel alone scrolls the screen. React's own listener could not hold the page back. */
function useWheelZoom(
  frame: { readonly current: HTMLElement | null },
  onSight: PictureProps['onSight'],
): void {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const turn = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      onSight((sight) => zoomed(sight, Math.exp(-event.deltaY / 250)));
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [frame, onSight]);
}

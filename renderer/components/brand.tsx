/** The app's mark: two arrows that pass each other. */
export function Brand({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#2557d6" />
      <g fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M8 13.5h13.5L17 9" />
        <path d="M24 18.5H10.5L15 23" />
      </g>
    </svg>
  );
}

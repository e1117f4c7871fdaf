declare module '*.module.css' {
  /** Class names as the style sheet spells them → class names in the page. */
  const classes: Readonly<Record<string, string>>;
  export default classes;
}

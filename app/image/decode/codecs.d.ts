// The parts that we use of two codecs that come without types.

declare module 'heic-decode' {
  interface HeicImage {
    readonly width: number;
    readonly height: number;
    decode(): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }>;
  }
  interface HeicDecode {
    all(input: { readonly buffer: Uint8Array }): Promise<HeicImage[] & { dispose(): void }>;
  }
  const decode: HeicDecode;
  export default decode;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  }
  interface J2KDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    decodeSubResolution(level: number, layer: number): void;
    getFrameInfo(): FrameInfo;
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }
  interface Module {
    readonly J2KDecoder: new () => J2KDecoder;
  }
  interface ModuleOptions {
    print?(line: string): void;
    printErr?(line: string): void;
  }
  const create: (options?: ModuleOptions) => Promise<Module>;
  export default create;
}

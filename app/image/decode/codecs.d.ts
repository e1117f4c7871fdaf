// The parts that we use of two codecs: one comes without types, the other with those of a global script.

declare module 'libheif-js/libheif-wasm/libheif-bundle.js' {
  /** What takes the place of an answer when there is none. */
  export interface HeifFailure {
    readonly code: { readonly value: number };
    readonly message: string;
  }
  export interface HeifPlane {
    readonly width: number;
    readonly height: number;
    /** Bytes from one row to the next. */
    readonly stride: number;
    /** A view of the module's memory. */
    readonly data: Uint8Array;
  }
  interface HeifPicture {
    readonly channels: readonly HeifPlane[];
  }
  type Opaque<Name> = object & { readonly kind?: Name };
  interface HeifModule {
    readonly heif_colorspace: { readonly heif_colorspace_RGB: Opaque<'colorspace'> };
    readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: Opaque<'chroma'> };
    heif_context_alloc(): Opaque<'context'>;
    heif_context_read_from_memory(context: Opaque<'context'>, file: Uint8Array): HeifFailure;
    heif_js_context_get_primary_image_handle(context: Opaque<'context'>): Opaque<'handle'> | HeifFailure;
    heif_image_handle_get_width(handle: Opaque<'handle'>): number;
    heif_image_handle_get_height(handle: Opaque<'handle'>): number;
    heif_js_decode_image2(
      handle: Opaque<'handle'>,
      colorspace: Opaque<'colorspace'>,
      chroma: Opaque<'chroma'>,
    ): HeifPicture | HeifFailure;
  }
  interface HeifModuleOptions {
    print?(line: string): void;
    printErr?(line: string): void;
  }
  const create: (options?: HeifModuleOptions) => HeifModule;
  export default create;
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

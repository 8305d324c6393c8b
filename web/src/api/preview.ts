/** A rule's text over stored events. */
import type { PreviewAsk, PreviewBegun, PreviewState } from '../../../src/serve/preview-api.ts';
import { get, request, sending } from './client.ts';

export function startPreview(asked: PreviewAsk): Promise<PreviewBegun> {
  return request('/api/rules/preview', sending('POST', asked));
}

export function previewState(preview: number, signal: AbortSignal): Promise<PreviewState> {
  return get(`/api/rules/preview/${preview}`, signal);
}

export function stopPreview(preview: number): Promise<{ readonly removed: true }> {
  return request(`/api/rules/preview/${preview}`, sending('DELETE', {}));
}

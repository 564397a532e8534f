package ernie4j.training.slu;

import ernie4j.engine.RaggedBatch;

/**
 * Utterances with their labels.
 *
 * @param tokens from [CLS] to [SEP] of each
 * @param intents one label per utterance
 * @param slots one label per token, {@link SluLabels#PADDING} at [CLS] and [SEP]
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record SluBatch(RaggedBatch tokens, int[] intents, int[] slots) {}

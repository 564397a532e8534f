package ernie4j.training.autograd;

import org.jspecify.annotations.Nullable;

/**
 * The trainable embedding tables, each {@code [rows, hidden]}.
 *
 * @param word one row for each id of the vocabulary
 * @param position one row for each position
 * @param tokenType one row for each token type
 * @param taskType one row for each task type; null for a model without task types
 * @param zeroId the word id whose vector is zero and gets no gradient (Paddle's padding_idx); -1
 *     for none
 */
public record EmbeddingTables(
    Variable word,
    Variable position,
    Variable tokenType,
    @Nullable Variable taskType,
    int zeroId) {}

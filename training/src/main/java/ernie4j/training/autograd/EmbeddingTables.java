package ernie4j.training.autograd;

import org.jspecify.annotations.Nullable;

/**
 * The trainable embedding tables, each {@code [rows, hidden]}.
 *
 * @param taskType null for a model without task types
 * @param zeroId the word id whose vector is zero and gets no gradient (Paddle's padding_idx); -1:
 *     none
 */
public record EmbeddingTables(
    Variable word,
    Variable position,
    Variable tokenType,
    @Nullable Variable taskType,
    int zeroId) {}

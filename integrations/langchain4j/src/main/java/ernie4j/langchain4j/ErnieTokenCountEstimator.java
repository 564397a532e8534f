package ernie4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.TokenCountEstimator;
import ernie4j.tokenizer.Tokenizer;

/**
 * Counts the tokens of a model exactly, for splitters that cut documents into parts of at most a
 * given number of them.
 *
 * <pre>{@code
 * DocumentSplitters.recursive(510, 50, new ErnieTokenCountEstimator(embedder.tokenizer()));
 * }</pre>
 *
 * <p>[CLS] and [SEP], which a model adds to a text once, are not counted: of 512 positions, 510 are
 * for the text.
 */
public final class ErnieTokenCountEstimator implements TokenCountEstimator {
  private static final int CONTROL_TOKENS = 2;

  private final Tokenizer tokenizer;

  /** Counts what a tokenizer makes. */
  public ErnieTokenCountEstimator(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return tokenizer.encode(text).length() - CONTROL_TOKENS;
  }

  /**
   * The tokens of a message's text.
   *
   * @throws IllegalArgumentException if it has pictures or other contents that are not text
   */
  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    return estimateTokenCountInText(text(message));
  }

  private static String text(ChatMessage message) {
    if (message instanceof UserMessage user && user.hasSingleText()) {
      return user.singleText();
    }
    if (message instanceof SystemMessage system) {
      return system.text();
    }
    if (message instanceof AiMessage ai) {
      return ai.text() == null ? "" : ai.text();
    }
    if (message instanceof ToolExecutionResultMessage result && result.text() != null) {
      return result.text();
    }
    throw new IllegalArgumentException(
        "token count: expected a message of one text, got one of type %s with other contents"
            .formatted(message.type()));
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    int tokens = 0;
    for (ChatMessage message : messages) {
      tokens += estimateTokenCountInMessage(message);
    }
    return tokens;
  }
}

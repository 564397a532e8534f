package ernie4j.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Creates the embedding model for applications that name none, for example in {@code
 * EmbeddingStoreIngestor.ingest}; LangChain4j finds it through {@link java.util.ServiceLoader}. The
 * system property {@value #PROPERTY} or the variable {@value #VARIABLE} names the model: a file, or
 * a pulled model by name.
 */
public final class ErnieEmbeddingModelFactory implements EmbeddingModelFactory {
  /** The system property. */
  public static final String PROPERTY = "ernie4j.embedding-model";

  /** The variable in the environment. */
  public static final String VARIABLE = "ERNIE4J_EMBEDDING_MODEL";

  /**
   * The model that is named.
   *
   * @throws IllegalStateException if none is
   * @throws UncheckedIOException if it cannot be read
   */
  @Override
  public EmbeddingModel create() {
    String named = named();
    if (named == null) {
      throw new IllegalStateException(
          "ernie4j: no embedding model is named; set the system property %s or the variable %s to a model file or the name of a pulled model"
              .formatted(PROPERTY, VARIABLE));
    }
    try {
      return ErnieEmbeddingModel.load(named);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable String named() {
    String property = System.getProperty(PROPERTY);
    return property == null ? System.getenv(VARIABLE) : property;
  }
}

package ernie4j.cli.train;

import ernie4j.cli.option.Range;
import ernie4j.cli.option.ShapeName;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.Tokenizers;
import ernie4j.training.ExampleOrder;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.VocabularyPruner;
import ernie4j.zoo.Architectures;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which parts of the model a training starts with. */
final class StartOptions {
  private static final int BODY = 1;

  @Option(
      names = "--vocabulary-size",
      converter = Range.Words.class,
      description =
          "Keep only this many words, the most frequent in the data (default: all; for slu"
              + " 6000).")
  @Nullable Integer vocabularySize;

  @Option(
      names = "--architecture",
      converter = ShapeName.class,
      paramLabel = "SHAPE",
      description =
          "Take only the vocabulary from --model, and start from random weights of this shape, for"
              + " example pico or 3L128H2A.")
  @Nullable String architecture;

  /** A model with only the most frequent words of some texts and the first positions, if asked. */
  Model pruned(Model model, List<String> texts, int maxLength) {
    return vocabularySize == null
        ? model
        : VocabularyPruner.fit(model, Tokenizers.of(model), texts, vocabularySize, maxLength);
  }

  /** The model, or random weights of another shape with its vocabulary. */
  Model shaped(Model model, long seed) {
    if (architecture == null) {
      return model;
    }
    EncoderConfig kept = model.config();
    EncoderConfig shape =
        Architectures.of(architecture)
            .withVocabularySize(kept.vocabularySize())
            .withMaxPositions(kept.maxPositions());
    // Not the seed itself: a new head is drawn from it and would repeat numbers of the encoder.
    long own = ExampleOrder.mixed(seed, BODY);
    return model.withParameters(shape, RandomParameters.encoder(shape, own));
  }
}

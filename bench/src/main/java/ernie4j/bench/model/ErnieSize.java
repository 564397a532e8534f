package ernie4j.bench.model;

import ernie4j.engine.EncoderConfig;
import java.util.Locale;

/** The six sizes of ERNIE 3.0 Tiny v2. */
public enum ErnieSize {
  PICO(128, 3, 2, 512),
  NANO(312, 4, 12, 1248),
  MICRO(384, 4, 12, 1536),
  MINI(384, 6, 12, 1536),
  MEDIUM(768, 6, 12, 3072),
  BASE(768, 12, 12, 3072);

  private final int hiddenSize;
  private final int layers;
  private final int heads;
  private final int intermediateSize;

  ErnieSize(int hiddenSize, int layers, int heads, int intermediateSize) {
    this.hiddenSize = hiddenSize;
    this.layers = layers;
    this.heads = heads;
    this.intermediateSize = intermediateSize;
  }

  /** The configuration with Paddle's values and the given vocabulary and longest sequence. */
  public EncoderConfig config(int vocabularySize, int maxPositions) {
    return EncoderConfig.ernie(
        vocabularySize, hiddenSize, layers, heads, intermediateSize, maxPositions);
  }

  /** For example {@code nano-4L312H}. */
  @Override
  public String toString() {
    return "%s-%dL%dH".formatted(name().toLowerCase(Locale.ROOT), layers, hiddenSize);
  }
}

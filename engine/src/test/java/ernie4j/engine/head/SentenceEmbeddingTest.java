package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.GoldenModel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pooling of two sequences, of three tokens and of one, with known hidden states. */
class SentenceEmbeddingTest {
  private EncoderWorkspace states;
  private int hidden;

  @BeforeEach
  void putKnownHiddenStatesIn() throws IOException {
    Encoder encoder =
        Encoder.of(
            GoldenModel.config("f.json"), GoldenModel.parameters("f.safetensors"), Kernels.best());
    states = encoder.newWorkspace();
    encoder.forward(RaggedBatch.of(new int[] {1, 5, 2}, new int[] {7}), states);
    hidden = states.hiddenSize();
    for (int i = 0; i < 4 * hidden; i++) {
      // Of the first three rows, the middle one has the greatest value in odd columns, the last one
      // in even ones; the fourth row is greater than all of them.
      int row = i / hidden;
      int column = i % hidden;
      int[] levels = {1, column % 2 == 1 ? 5 : 2, 3, 9};
      states.hidden()[i] = levels[row] + 0.25f * column;
    }
  }

  @Test
  void firstTokens() {
    float[] vectors = SentenceEmbedding.CLS.pool(states);
    assertThat(vectors).hasSize(2 * hidden);
    for (int j = 0; j < hidden; j++) {
      assertThat(vectors[j]).isEqualTo(1 + 0.25f * j);
      assertThat(vectors[hidden + j]).isEqualTo(9 + 0.25f * j);
    }
  }

  @Test
  void means() {
    float[] vectors = SentenceEmbedding.MEAN.pool(states);
    assertThat(vectors).hasSize(2 * hidden);
    for (int j = 0; j < hidden; j++) {
      assertThat(vectors[j]).isEqualTo((j % 2 == 1 ? 3 : 2) + 0.25f * j);
      assertThat(vectors[hidden + j]).isEqualTo(9 + 0.25f * j);
    }
  }

  @Test
  void maxima() {
    float[] vectors = SentenceEmbedding.MAX.pool(states);
    assertThat(vectors).hasSize(2 * hidden);
    for (int j = 0; j < hidden; j++) {
      assertThat(vectors[j]).isEqualTo((j % 2 == 1 ? 5 : 3) + 0.25f * j);
      assertThat(vectors[hidden + j]).isEqualTo(9 + 0.25f * j);
    }
  }
}

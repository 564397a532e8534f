package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.head.SentenceEmbedding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SentenceEmbedderTest {
  @ParameterizedTest
  @EnumSource
  void manyTextsGiveTheBitsThatEachGivesAloneAndLengthOne(SentenceEmbedding pooling) {
    SentenceEmbedder embedder = SentenceEmbedder.of(TinyModels.encoder(1), pooling);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      texts.add(TinyModels.CHARACTERS.substring(i % 16).repeat(1 + i % 2));
    }
    List<float[]> vectors = embedder.embed(texts);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(vectors.get(i)).hasSize(TinyModels.HIDDEN).isEqualTo(embedder.embed(texts.get(i)));
    }
    double squares = 0;
    for (float value : vectors.get(0)) {
      squares += value * value;
    }
    assertThat(squares).isCloseTo(1, within(1e-5));
  }

  @ParameterizedTest
  @EnumSource
  void everyModelHasAnEncoderAndLongTextsAreRefusedOrCut(SentenceEmbedding pooling) {
    SentenceEmbedder embedder = SentenceEmbedder.of(TinyModels.answerer(), pooling);
    String text = "天".repeat(100);
    assertThatThrownBy(() -> embedder.embed(text)).hasMessageContaining("has 102 tokens");
    assertThat(embedder.withLongText(LongText.TRUNCATE).embed(text))
        .isEqualTo(embedder.embed("天".repeat(38)));
    assertThatThrownBy(() -> embedder.embed(" ")).hasMessageContaining("has no tokens");
  }
}

package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.engine.head.WrongTaskException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SentenceEmbedderTest {
  @ParameterizedTest
  @EnumSource
  void batchGivesSameUnitVectorsAsSingleTexts(SentenceEmbedding pooling) {
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
  void embedsWithAnyModelAndRefusesOrCutsLongTexts(SentenceEmbedding pooling) {
    SentenceEmbedder embedder = SentenceEmbedder.of(TinyModels.answerer(), pooling);
    String text = "天".repeat(100);
    assertThatThrownBy(() -> embedder.embed(text)).hasMessageContaining("has 102 tokens");
    assertThat(embedder.withLongText(LongText.TRUNCATE).embed(text))
        .isEqualTo(embedder.embed("天".repeat(38)));
    assertThatThrownBy(() -> embedder.embed(" ")).hasMessageContaining("has no tokens");
  }

  @Test
  void poolingLengthAndPrefixesComeFromTheModel() {
    Model model = TinyModels.encoder(1);
    Map<String, String> options =
        Map.of("pooling", "mean", "normalize", "false", "query_prefix", "天地", "max_length", "6");
    SentenceEmbedder embedder = SentenceEmbedder.of(model.withOptions(options));
    SentenceEmbedder mean = SentenceEmbedder.of(model, SentenceEmbedding.MEAN);

    assertThat(embedder.withNormalization(true).embed("日月")).isEqualTo(mean.embed("日月"));
    assertThat(embedder.embed("日月"))
        .isEqualTo(mean.withNormalization(false).embed("日月"))
        .isNotEqualTo(mean.embed("日月"));
    assertThat(embedder.forQueries().embed("日月")).isEqualTo(embedder.embed("天地日月"));
    assertThat(embedder.forPassages().embed("日月")).isEqualTo(embedder.embed("日月"));
    assertThatThrownBy(() -> embedder.forQueries().embed(" ")).hasMessageContaining("no tokens");
    assertThatThrownBy(() -> embedder.embed("天地玄黄宇")).hasMessageContaining("6 are read at once");
    assertThat(embedder.forQueries().description())
        .isEqualTo(
            "the mean of all tokens, as the model says; not of length 1; before every text '天地'.");
    assertThat(SentenceEmbedder.of(model).embed("日月"))
        .isEqualTo(SentenceEmbedder.of(model, SentenceEmbedding.CLS).embed("日月"));
    assertThat(SentenceEmbedder.of(model).description()).contains("does not say which");
  }

  @Test
  void denseLayerAndTanhFollowThePooling() {
    Model model = TinyModels.encoder(1);
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    Tensor weight = Tensor.zeros(TinyModels.HIDDEN, 2);
    weight.data()[2 * 3] = 0.5f; // column 0 is half of the fourth value
    store.put("sentence_embedding.dense.weight", weight);
    store.put("sentence_embedding.dense.bias", Tensor.of(new float[] {0, 3}, 2));
    Model dense =
        model
            .withParameters(model.config(), store)
            .withOptions(
                Map.of("pooling", "cls", "normalize", "false", "dense_activation", "tanh"));
    SentenceEmbedder embedder = SentenceEmbedder.of(dense);
    float fourth = SentenceEmbedder.of(model).withNormalization(false).embed("日月")[3];

    float[] vector = embedder.embed("日月");
    assertThat(embedder.dimension()).isEqualTo(2);
    assertThat(vector).hasSize(2);
    assertThat(vector[0]).isCloseTo((float) Math.tanh(0.5 * fourth), within(1e-6f));
    assertThat(vector[1]).isCloseTo((float) Math.tanh(3), within(1e-6f));
    assertThat(embedder.description()).contains("a dense layer to 2 values");
  }

  @Test
  void refusesUnknownOptionsOfANewerVersion() {
    for (Map<String, String> options :
        List.of(
            Map.of("pooling", "attention"),
            Map.of("normalize", "yes"),
            Map.of("max_length", "-1"),
            Map.of("dense_activation", "relu"))) {
      assertThatThrownBy(() -> SentenceEmbedder.of(TinyModels.encoder(1).withOptions(options)))
          .isInstanceOf(WrongTaskException.class)
          .hasMessageContaining(options.keySet().iterator().next())
          .hasMessageContaining(options.values().iterator().next());
    }
  }

  @Test
  void longTextIsTheMeanOfItsPartsWeightedByTokens() {
    SentenceEmbedder embedder =
        SentenceEmbedder.of(TinyModels.encoder(1), SentenceEmbedding.MEAN)
            .withLongText(LongText.WINDOW)
            .withMaxLength(6)
            .withNormalization(false);
    // Four tokens are read at once; "abe" is three pieces, which stay together.
    float[] first = embedder.embed("天地玄");
    float[] second = embedder.embed("abe黄");
    float[] third = embedder.embed("宇");
    float[] whole = embedder.embed("天地玄abe黄宇");
    for (int j = 0; j < whole.length; j++) {
      assertThat(whole[j]).isCloseTo((3 * first[j] + 4 * second[j] + third[j]) / 8, within(1e-5f));
    }
    assertThat(embedder.embed("ab".repeat(10))).as("a word of several parts").isNotNull();
  }

  @Test
  void maxPoolingCoversAllTokens() {
    Model model = TinyModels.encoder(1);
    SentenceEmbedder max =
        SentenceEmbedder.of(model, SentenceEmbedding.MAX).withNormalization(false);
    float[] cls =
        SentenceEmbedder.of(model, SentenceEmbedding.CLS).withNormalization(false).embed("日月");
    float[] mean =
        SentenceEmbedder.of(model, SentenceEmbedding.MEAN).withNormalization(false).embed("日月");
    float[] greatest = max.embed("日月");
    for (int j = 0; j < greatest.length; j++) {
      assertThat(greatest[j]).isGreaterThanOrEqualTo(Math.max(cls[j], mean[j]));
    }
    assertThat(greatest).isNotEqualTo(cls);
  }
}

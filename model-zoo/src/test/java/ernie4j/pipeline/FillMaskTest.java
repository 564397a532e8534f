package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.MaskedLanguageModelHead;
import ernie4j.pipeline.FillMask.Candidate;
import ernie4j.pipeline.FillMask.Mask;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FillMaskTest {
  private static final Model MODEL = TinyModels.maskedLanguageModel();
  private static final FillMask FILL = FillMask.of(MODEL);

  @Provide
  Arbitrary<String> texts() {
    return TinyModels.texts(15).map(text -> "[MASK]" + text);
  }

  @Property(tries = 100)
  void everyMaskHasItsPositionAndSortedCandidates(@ForAll("texts") String text) {
    FillMask.Result result = FILL.withLongText(LongText.TRUNCATE).fill(text);
    assertThat(result.masks()).isNotEmpty();
    for (Mask mask : result.masks()) {
      assertThat(text.substring(mask.start(), mask.end())).isEqualTo("[MASK]");
      assertThat(mask.candidates())
          .hasSize(5)
          .isSortedAccordingTo(Comparator.comparing(Candidate::probability).reversed());
    }
    assertThat(FILL.withLongText(LongText.TRUNCATE).fill(List.of("天[MASK]", text, text)))
        .endsWith(result, result);
  }

  @Test
  void candidatesMatchTheLogitsOfTheHead() {
    Tokenizer tokenizer = Tokenizers.of(MODEL);
    Encoding encoding = tokenizer.encode("天[MASK]玄[MASK]");
    Encoder encoder = Encoder.of(MODEL.config(), MODEL.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(RaggedBatch.of(encoding.ids()), states);
    MaskedLanguageModelHead head = MaskedLanguageModelHead.of(encoder, MODEL.parameters());
    List<Mask> masks = FILL.withTop(1000).fill("天[MASK]玄[MASK]").masks();
    for (int m = 0; m < 2; m++) {
      float[] logits = head.logits(states, 2 + 2 * m);
      List<Candidate> candidates = masks.get(m).candidates();
      // All tokens, but not the two rows that no token has.
      assertThat(candidates).hasSize(tokenizer.size()).doesNotHaveDuplicates();
      for (Candidate candidate : candidates) {
        int id = MODEL.vocabulary().indexOf(candidate.token());
        assertThat(candidate.probability())
            .isCloseTo(Logits.probability(logits, 0, logits.length, id), within(1e-12));
      }
      assertThat(FILL.withTop(3).fill("天[MASK]玄[MASK]").masks().get(m).candidates())
          .isEqualTo(candidates.subList(0, 3));
    }
  }

  @Test
  void refusesTextsWithoutAMaskAndLongTexts() {
    assertThatThrownBy(() -> FILL.fill("天地玄黄"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one [MASK] in the text, got '天地玄黄'");
    String late = "天".repeat(50) + "[MASK]";
    assertThatThrownBy(() -> FILL.fill(late)).hasMessageContaining("has 53 tokens");
    assertThatThrownBy(() -> FILL.withLongText(LongText.TRUNCATE).fill(late))
        .hasMessageContaining("whose end is not read");
    assertThatThrownBy(() -> FillMask.of(TinyModels.encoder(1)))
        .hasMessageContaining("got one for 'encoder'; use SentenceEmbedder");
  }
}

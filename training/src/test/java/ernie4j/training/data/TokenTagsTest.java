package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.head.TagScheme;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Truncation;
import ernie4j.tokenizer.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenTagsTest {
  private static final Labels LABELS =
      new Labels(List.of("PAD", "O", "B-song", "B-singer", "I-song", "I-singer"));
  private static final TagScheme SCHEME = TagScheme.ofLabels(LABELS.names());
  private static final List<LabelledSpan> SONG = List.of(new LabelledSpan("song", 1, 9));

  private static Encoding encode(int maxLength) {
    return new ErnieTokenizer(
            Vocabulary.of(
                List.of(
                    "[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "放", "let", "##it", "be", "吧")),
            TokenizerOptions.ernie())
        .encode("放letit be吧", Truncation.LONGEST_FIRST, maxLength);
  }

  @Test
  void everyPieceInsideASpanIsTaggedAndTheRestIsOutside() {
    Encoding encoding = encode(16);
    assertThat(encoding.ids()).containsExactly(1, 5, 6, 7, 8, 9, 2);
    assertThat(TokenTags.of(encoding, SONG))
        .containsExactly("O", "B-song", "I-song", "I-song", "O");
    assertThat(TokenTags.indices(encoding, SONG, LABELS, SCHEME, 0))
        .containsExactly(0, 1, 2, 4, 4, 1, 0);
    assertThat(TokenTags.indices(encoding, SONG, LABELS, SCHEME, -100))
        .containsExactly(-100, 1, 2, 4, 4, 1, -100);
    assertThat(TokenTags.indices(encode(4), SONG, LABELS, SCHEME, 0)).containsExactly(0, 1, 2, 0);
  }

  @Test
  void aSpanOfUnknownTypeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TokenTags.indices(
                    encode(16), List.of(new LabelledSpan("age", 0, 1)), LABELS, SCHEME, 0))
        .withMessageContaining("label 'B-age' is unknown; the model has [PAD, O, B-song");
  }

  @Test
  void tagsFollowTheSchemeOfTheLabels() {
    Labels bmes = new Labels(List.of("O", "B-song", "M-song", "E-song", "S-song"));
    TagScheme scheme = TagScheme.ofLabels(bmes.names());
    assertThat(TokenTags.indices(encode(16), SONG, bmes, scheme, -100))
        .containsExactly(-100, 0, 1, 2, 3, 0, -100);
    List<LabelledSpan> one = List.of(new LabelledSpan("song", 0, 1));
    assertThat(TokenTags.indices(encode(16), one, bmes, scheme, -100))
        .containsExactly(-100, 4, 0, 0, 0, 0, -100);
    Labels bare = new Labels(List.of("song", "O"));
    assertThat(TokenTags.indices(encode(16), SONG, bare, TagScheme.ofLabels(bare.names()), -100))
        .containsExactly(-100, 1, 0, 0, 0, 1, -100);
  }
}

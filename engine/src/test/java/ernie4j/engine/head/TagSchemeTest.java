package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.head.LabelSpans.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the scheme of labels and tags is recognized; {@link LabelSpansTest} reads spans in each. */
class TagSchemeTest {
  private static List<String> words(String words) {
    return List.of(words.split(" ", -1));
  }

  private static TagScheme ofTags(String tags) {
    return TagScheme.ofTags(words(tags));
  }

  private static List<Span> spans(String tags) {
    return LabelSpans.of(words(tags), ofTags(tags));
  }

  @Test
  void aSchemeFitsIfItReadsHalfOfTheLabels() {
    assertThat(TagScheme.ofLabels(words("O x-B x-I some other")).types()).containsExactly("x");
    // With one more, the scheme fits less than half, and all labels are types.
    assertThat(TagScheme.ofLabels(words("O x-B x-I some other more")).types())
        .containsExactly("more", "other", "some", "x-B", "x-I");
  }

  @Test
  void singleLettersAreASchemeOnlyIfAllLabelsAre() {
    assertThat(TagScheme.ofLabels(words("O B I E S")).types()).containsExactly(TagScheme.UNTYPED);
    assertThat(TagScheme.ofLabels(words("O B I A")).types()).containsExactly("A", "B", "I");
  }

  @Test
  void labelsOfSpecialTokensAreOutside() {
    TagScheme scheme = TagScheme.ofLabels(words("O x y [CLS] <pad> PAD pad"));
    assertThat(scheme.types()).containsExactly("x", "y");
    assertThat(LabelSpans.of(words("[CLS] x PAD y"), scheme))
        .containsExactly(new Span("x", 1, 1), new Span("y", 3, 3));
  }

  @Test
  void letterFirstIsTheDefault() {
    assertThat(TagScheme.ofLabels(words("O"))).isSameAs(TagScheme.LETTER_FIRST);
    assertThat(TagScheme.ofLabels(List.of("[PAD]"))).isSameAs(TagScheme.LETTER_FIRST);
  }

  @Test
  void firstOfTwoLabelsForAPlaceIsUsed() {
    TagScheme scheme = TagScheme.ofLabels(words("O B-x I-x M-x E-x L-x S-x U-x"));
    assertThat(scheme.label("x", 1, 3)).isEqualTo("I-x");
    assertThat(scheme.label("x", 2, 3)).isEqualTo("E-x");
    assertThat(scheme.label("x", 0, 1)).isEqualTo("S-x");
  }

  @Test
  void bareTypeLabelsEveryPlaceOfASpan() {
    TagScheme types = TagScheme.ofLabels(words("O x"));
    assertThat(types.label("x", 0, 1)).isEqualTo("x");
    assertThat(types.label("x", 0, 2)).isEqualTo("x");
    assertThat(types.label("x", 1, 2)).isEqualTo("x");
  }

  @Test
  void tagsAreReadInTheSchemeThatFitsAllOfThem() {
    assertThat(spans("O B-x I-x O")).containsExactly(new Span("x", 1, 2));
    assertThat(spans("O x-B x-I O")).containsExactly(new Span("x", 1, 2));
    assertThat(spans("O B I O")).containsExactly(new Span(TagScheme.UNTYPED, 1, 2));
    assertThat(spans("O good good bad"))
        .containsExactly(new Span("good", 1, 2), new Span("bad", 3, 3));
    // In annotated texts, an I-x that continues nothing begins a span.
    assertThat(spans("O I-x I-x")).containsExactly(new Span("x", 1, 2));
  }

  @Test
  void bareTypesRequireAnOutsideAndNoMistakes() {
    assertThat(ofTags("good bad good").reads("good")).isFalse();
    assertThat(ofTags("O good bad").reads("good")).isTrue();
    for (String mistake : List.of("b-x", "x", "3", "x-e", "-0.5")) {
      assertThat(ofTags("O good " + mistake).reads("good")).as(mistake).isFalse();
    }
  }

  @Test
  void firstTagDecidesIfNoSchemeFitsAll() {
    assertThat(ofTags("O x-B I-x").reads("y-B")).isTrue();
    assertThat(ofTags("O x-B I-x").reads("B-y")).isFalse();
    assertThat(ofTags("O B-x x-I").reads("B-y")).isTrue();
    assertThat(ofTags("O B-x x-I").reads("y-B")).isFalse();
  }

  @Test
  void outsideIsReadInEveryScheme() {
    assertThat(ofTags("O B I").reads("O")).isTrue();
    assertThat(TagScheme.LETTER_FIRST.reads("O")).isTrue();
    assertThat(TagScheme.LETTER_FIRST.reads("anything")).isFalse();
  }

  @Test
  void aSchemeIsDescribedByItsForm() {
    assertThat(ofTags("O B-x").description()).startsWith("O, B-x or I-x");
    assertThat(ofTags("O x-B").description()).startsWith("O, x-B or x-I");
    assertThat(ofTags("O B I").description()).startsWith("O, B, I");
    assertThat(ofTags("O good").description()).isEqualTo("O or a type");
  }
}

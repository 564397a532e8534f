package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.head.LabelSpans.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelSpansTest {
  private static List<Span> spans(String labels) {
    return LabelSpans.of(List.of(labels.split(" ", -1)));
  }

  @Test
  void bio() {
    assertThat(spans("O B-x I-x O B-y B-y I-y"))
        .containsExactly(new Span("x", 1, 2), new Span("y", 4, 4), new Span("y", 5, 6));
    assertThat(spans("B-x I-y I-x O I-x")).containsExactly(new Span("x", 0, 0));
    assertThat(LabelSpans.of(List.of())).isEmpty();
  }

  @Test
  void bioes() {
    assertThat(spans("B-x I-x E-x I-x S-y E-y B-z E-z B-z"))
        .containsExactly(
            new Span("x", 0, 2), new Span("y", 4, 4), new Span("z", 6, 7), new Span("z", 8, 8));
    assertThat(spans("B-x S-x E-x")).containsExactly(new Span("x", 0, 0), new Span("x", 1, 1));
    assertThat(spans("B-x E-y I-x")).containsExactly(new Span("x", 0, 0));
  }

  private static List<Span> spans(String model, String labels) {
    return LabelSpans.of(
        List.of(labels.split(" ", -1)), TagScheme.ofLabels(List.of(model.split(" ", -1))));
  }

  @Test
  void labelsOfModelsInOtherSchemes() {
    List<Span> expected = List.of(new Span("x", 1, 3), new Span("y", 4, 4));
    assertThat(spans("O B-x M-x E-x S-y", "O B-x M-x E-x S-y")).isEqualTo(expected);
    assertThat(spans("O B-x I-x L-x U-y", "O B-x I-x L-x U-y")).isEqualTo(expected);
    assertThat(spans("[PAD] O x-B x-I y-B", "O x-B x-I x-I y-B")).isEqualTo(expected);
    assertThat(spans("O x y", "O x x x y")).isEqualTo(expected);
    assertThat(spans("B_x I_x B_y O", "O B_x I_x I_x B_y")).isEqualTo(expected);
    assertThat(spans("B M E S", "S B M E S"))
        .containsExactly(new Span("span", 0, 0), new Span("span", 1, 3), new Span("span", 4, 4));
    assertThat(spans("A D I Na", "A D D Na I"))
        .containsExactly(
            new Span("A", 0, 0), new Span("D", 1, 2), new Span("Na", 3, 3), new Span("I", 4, 4));
  }

  @Test
  void insideBeginsASpanOnlyIfNoOtherLabelCan() {
    assertThat(spans("O B-x I-x", "O I-x I-x")).isEmpty();
    assertThat(spans("O B-x I-x I-y", "I-x I-x B-x I-y"))
        .containsExactly(new Span("x", 0, 1), new Span("x", 2, 2), new Span("y", 3, 3));
  }

  @Test
  void typesAndLabelsOfAScheme() {
    TagScheme bmes = TagScheme.ofLabels(List.of("O", "B-x", "M-x", "E-x", "S-y", "PAD"));
    assertThat(bmes.types()).containsExactly("x", "y");
    assertThat(bmes.label("x", 0, 3)).isEqualTo("B-x");
    assertThat(bmes.label("x", 1, 3)).isEqualTo("M-x");
    assertThat(bmes.label("x", 2, 3)).isEqualTo("E-x");
    assertThat(bmes.label("y", 0, 1)).isEqualTo("S-y");
    assertThat(bmes.label("y", 0, 2)).isNull();
    assertThat(bmes.label("z", 0, 1)).isNull();
    TagScheme bio = TagScheme.ofLabels(List.of("O", "B-x", "I-x"));
    assertThat(bio.label("x", 0, 1)).isEqualTo("B-x");
    assertThat(bio.label("x", 2, 3)).isEqualTo("I-x");
  }
}

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
}

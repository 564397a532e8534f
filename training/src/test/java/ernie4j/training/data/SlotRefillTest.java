package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotRefillTest {
  private static final List<JointExample> TRAIN =
      JointFile.parse(
              List.of(
                  "1\t放周华健的花心\tplay\t放<singer>周华健</singer>的<song>花心</song>",
                  "1\t你好\tchat\t你好",
                  "2\t放刘德华的歌\tplay\t放<singer>刘德华</singer>的歌",
                  "2\t听冰雨吧\tplay\t听<song>冰雨</song>吧"))
          .examples();

  @Test
  void valuesAreReplacedByOthersOfTheSameType() {
    List<JointExample> all = SlotRefill.extended(TRAIN, 10, 5);
    assertThat(all).hasSize(4 + 30).startsWith(TRAIN.toArray(JointExample[]::new));
    Set<String> texts = new HashSet<>();
    for (JointExample made : all.subList(4, all.size())) {
      texts.add(made.text());
      assertThat(made.intent()).isEqualTo("play");
      for (LabelledSpan slot : made.slots()) {
        assertThat(made.text().substring(slot.start(), slot.end()))
            .isIn(slot.type().equals("song") ? List.of("花心", "冰雨") : List.of("周华健", "刘德华"));
      }
    }
    assertThat(texts)
        .contains("放刘德华的冰雨", "放周华健的冰雨", "放周华健的歌", "听花心吧")
        .allMatch(text -> text.matches("放(周华健|刘德华)的(花心|冰雨|歌)|听(花心|冰雨)吧"));
  }

  @Test
  void everyUtteranceIsRefilledEquallyOftenAndKeepsItsDialogue() {
    List<JointExample> made = SlotRefill.extended(TRAIN, 1, 5).subList(4, 7);
    assertThat(made).extracting(JointExample::dialogue).containsExactly("1", "2", "2");
    assertThat(SlotRefill.extended(TRAIN, 0.34, 5)).hasSize(5);
    assertThat(SlotRefill.extended(TRAIN, 0, 5)).isEqualTo(TRAIN);
    List<JointExample> none = List.of(TRAIN.get(1));
    assertThat(SlotRefill.extended(none, 3, 5)).isEqualTo(none);
  }

  @Test
  void refillsDependOnlyOnTheSeed() {
    List<JointExample> all = SlotRefill.extended(TRAIN, 10, 5);
    assertThat(SlotRefill.extended(new ArrayList<>(TRAIN), 10, 5)).isEqualTo(all);
    assertThat(SlotRefill.extended(TRAIN, 10, 6)).isNotEqualTo(all);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlotRefill.extended(TRAIN, -1, 5))
        .withMessageContaining("a share of at least 0");
  }
}

package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
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
    assertThat(SlotRefill.texts(TRAIN, 30, 5))
        .containsExactlyInAnyOrder("放周华健的冰雨", "放刘德华的花心", "放刘德华的冰雨", "放周华健的歌", "听花心吧");
  }

  @Test
  void everyUtteranceIsRefilledAsOftenAsAsked() {
    assertThat(SlotRefill.texts(TRAIN, 1, 5)).hasSizeLessThanOrEqualTo(3);
    List<String> lines = new ArrayList<>();
    for (char c = 'a'; c <= 'z'; c++) {
      lines.add("1\t%1$s放歌%1$s\tplay\t%1$s放<song>歌%1$s</song>".formatted(c));
    }
    List<String> made = SlotRefill.texts(JointFile.parse(lines).examples(), 3, 5);
    for (char c = 'a'; c <= 'z'; c++) {
      String beginning = c + "放";
      assertThat(made).filteredOn(text -> text.startsWith(beginning)).hasSizeBetween(1, 3);
    }
    List<JointExample> alone = List.of(TRAIN.get(0));
    assertThat(SlotRefill.texts(alone, 5, 5)).as("no other value").isEmpty();
  }

  @Test
  void textsDependOnlyOnTheSeed() {
    List<String> made = SlotRefill.texts(TRAIN, 1, 5);
    assertThat(SlotRefill.texts(new ArrayList<>(TRAIN), 1, 5)).isEqualTo(made);
    assertThat(List.of(6L, 7L, 8L, 9L))
        .as("seeds")
        .anySatisfy(seed -> assertThat(SlotRefill.texts(TRAIN, 1, seed)).isNotEqualTo(made));
  }

  @Test
  void thereMustBeSomethingToRefill() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlotRefill.texts(TRAIN, 0, 5))
        .withMessageContaining("0 copies of 4 utterances of which 3 have slots");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlotRefill.texts(List.of(TRAIN.get(1)), 2, 5))
        .withMessageContaining("1 utterances of which 0 have slots");
  }
}

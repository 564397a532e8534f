package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DialogueContextTest {
  private static final Tokenizer TOKENIZER = Tokenizers.of(TinyModels.joint());

  private static Encoding encode(List<String> history, int turns, String text, int maxLength) {
    return DialogueContext.encode(TOKENIZER, history, turns, TOKENIZER.encode(text), maxLength);
  }

  private static String shown(Encoding encoding) {
    return String.join(" ", encoding.tokens());
  }

  @Test
  void lastTurnsAreTheFirstSegmentCurrentTurnTheSecond() {
    Encoding encoding = encode(List.of("天", "地玄", "黄"), 2, "宇宙", 40);
    assertThat(shown(encoding)).isEqualTo("[CLS] 地 玄 [SEP] 黄 [SEP] 宇 宙 [SEP]");
    assertThat(encoding.typeIds()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1);
    assertThat(encoding.start(7)).isEqualTo(1);
    assertThat(encoding.end(7)).isEqualTo(2);
    assertThat(encoding.isSpecial(3)).isTrue();
  }

  @Test
  void utteranceWithoutContextIsASingleText() {
    Encoding present = TOKENIZER.encode("宇宙");
    assertThat(DialogueContext.encode(TOKENIZER, List.of(), 2, present, 40)).isSameAs(present);
    assertThat(DialogueContext.encode(TOKENIZER, List.of("天"), 0, present, 40)).isSameAs(present);
    assertThat(DialogueContext.encode(TOKENIZER, List.of(" ", ""), 2, present, 40))
        .isSameAs(present);
  }

  @Test
  void longestTurnIsCutFirstAndTheOlderOnTies() {
    List<String> history = List.of("天地玄黄", "宇宙");
    assertThat(shown(encode(history, 2, "洪荒", 12)))
        .isEqualTo("[CLS] 天 地 玄 黄 [SEP] 宇 宙 [SEP] 洪 荒 [SEP]");
    assertThat(shown(encode(history, 2, "洪荒", 10)))
        .isEqualTo("[CLS] 天 地 [SEP] 宇 宙 [SEP] 洪 荒 [SEP]");
    assertThat(shown(encode(history, 2, "洪荒", 9))).isEqualTo("[CLS] 天 [SEP] 宇 宙 [SEP] 洪 荒 [SEP]");
    assertThat(shown(encode(history, 2, "洪荒", 8))).isEqualTo("[CLS] 天 [SEP] 宇 [SEP] 洪 荒 [SEP]");
    assertThat(shown(encode(history, 2, "洪荒", 7))).isEqualTo("[CLS] 宇 [SEP] 洪 荒 [SEP]");
    assertThat(shown(encode(history, 2, "洪荒", 5))).isEqualTo("[CLS] 洪 荒 [SEP]");
  }

  @Property(tries = 300)
  void currentUtteranceIsNeverCutAndTheResultFits(
      @ForAll @Size(max = 5) List<@IntRange(max = 9) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 10) int own,
      @ForAll @IntRange(max = 5) int turns,
      @ForAll @IntRange(min = 12, max = 40) int maxLength) {
    List<String> history =
        lengths.stream().map(n -> TinyModels.CHARACTERS.substring(0, n)).toList();
    Encoding present = TOKENIZER.encode(TinyModels.CHARACTERS.substring(0, own));
    Encoding all = DialogueContext.encode(TOKENIZER, history, turns, present, maxLength);
    assertThat(all.length()).isLessThanOrEqualTo(maxLength);
    int before = all.length() - present.length();
    assertThat(Arrays.copyOfRange(all.ids(), before + 1, all.length()))
        .isEqualTo(Arrays.copyOfRange(present.ids(), 1, present.length()));
    int wanted =
        DialogueContext.last(history, turns).stream()
            .filter(turn -> !turn.isEmpty())
            .mapToInt(turn -> turn.length() + 1)
            .sum();
    // The whole history, or as much as there is room for, except a turn that would keep no token.
    int room = Math.min(wanted, maxLength - present.length());
    assertThat(before).isBetween(Math.max(0, room - 1), room);
  }

  private static Model withOption(String turns) {
    return TinyModels.joint().withOptions(Map.of(HeadOptions.CONTEXT_TURNS, turns));
  }

  @Test
  void numberOfTurnsComesFromTheModel() {
    assertThat(DialogueContext.turns(TinyModels.joint())).isZero();
    assertThat(DialogueContext.turns(withOption("3"))).isEqualTo(3);
    assertThat(JointSlu.of(withOption("3")).contextTurns()).isEqualTo(3);
    for (String wrong : List.of("-1", "1.5", "NaN", "many")) {
      assertThatThrownBy(() -> JointSlu.of(withOption(wrong)))
          .isInstanceOf(WrongTaskException.class)
          .hasMessageContaining("context_turns")
          .hasMessageContaining(wrong);
    }
  }

  @Test
  void modelWithoutContextIgnoresHistory() {
    JointSlu slu = JointSlu.of(TinyModels.joint());
    assertThat(slu.parse("宇宙洪荒", List.of("天地"))).isEqualTo(slu.parse("宇宙洪荒"));
  }

  @Test
  void modelWithContextReadsHistory() {
    JointSlu alone = JointSlu.of(TinyModels.joint());
    JointSlu slu = JointSlu.of(withOption("1"));
    assertThat(slu.parse("宇宙洪荒")).isEqualTo(alone.parse("宇宙洪荒"));
    JointSlu.Result after = slu.parse("宇宙洪荒", List.of("列", "天地"));
    assertThat(after.intents()).isNotEqualTo(alone.parse("宇宙洪荒").intents());
    assertThat(after.labels()).hasSize(4);
    assertThat(after).isEqualTo(slu.parse("宇宙洪荒", List.of("天地")));
    assertThat(slu.withLongText(LongText.ERROR).parse("宇宙洪荒", List.of("天地"))).isEqualTo(after);
    for (String text : List.of("天地玄黄宇宙", "a宙b 😀洪", "각각")) {
      for (Span slot : slu.parse(text, List.of("日月盈昃")).slots()) {
        assertThat(slot.text()).isEqualTo(text.substring(slot.start(), slot.end()));
      }
    }
  }

  @Test
  void batchOfTurnsGivesSameResultsAsSingleTurns() {
    JointSlu slu = JointSlu.of(withOption("2"));
    List<JointSlu.Turn> turns =
        List.of(
            new JointSlu.Turn("天地", List.of()),
            new JointSlu.Turn(" ", List.of("天")),
            new JointSlu.Turn("玄黄", List.of("天地", "宇", "宙")),
            new JointSlu.Turn("日".repeat(60), List.of("天地")));
    List<Attempt<JointSlu.Result>> together = slu.tryParseTurns(turns);
    assertThat(together.get(1).isSuccess()).isFalse();
    for (int i : new int[] {0, 2, 3}) {
      assertThat(together.get(i).result())
          .isEqualTo(slu.parse(turns.get(i).text(), turns.get(i).history()));
    }
    assertThat(together.get(3).result()).isEqualTo(slu.parse("日".repeat(60)));
    assertThat(together.get(3).result().truncated()).isTrue();
  }

  @Test
  void dialogueRemembersTheTurnsThatTheModelReads() {
    JointSlu slu = JointSlu.of(withOption("2"));
    Dialogue dialogue = new Dialogue(slu);
    assertThat(dialogue.parse("天地")).isEqualTo(slu.parse("天地"));
    assertThat(dialogue.parse("玄黄")).isEqualTo(slu.parse("玄黄", List.of("天地")));
    assertThatThrownBy(() -> dialogue.parse("  ")).hasMessageContaining("has no tokens");
    assertThat(dialogue.parse("宇")).isEqualTo(slu.parse("宇", List.of("天地", "玄黄")));
    assertThat(dialogue.parse("宙")).isEqualTo(slu.parse("宙", List.of("玄黄", "宇")));
    assertThat(dialogue.history()).containsExactly("宇", "宙");
    dialogue.startOver();
    assertThat(dialogue.parse("天地")).isEqualTo(slu.parse("天地"));
    assertThat(new Dialogue(JointSlu.of(TinyModels.joint())).history()).isEmpty();
  }
}

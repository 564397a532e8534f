package ernie4j.bench.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Short spoken commands of mixed lengths, as a service for a car would receive them. */
public final class Utterances {
  private static final int UTTERANCE_COLUMN = 1;

  /**
   * Made up, with the lengths of the NLPCC 2018 task 4 corpus: half have at most six characters,
   * one in ten more than ten.
   */
  private static final List<String> BUILT_IN =
      List.of(
          "导航去最近的加油站",
          "取消",
          "来一首老歌",
          "打电话给王小明",
          "下一首",
          "退出导航",
          "我要听轻音乐",
          "返回",
          "到北京南站地下停车场东二入口",
          "继续播放",
          "播放刚才那首歌曲",
          "确定",
          "附近的停车场",
          "给妈妈打电话",
          "关闭音乐",
          "换一个",
          "回家",
          "放一首适合晚上开车听的慢歌",
          "查找大学路",
          "第一个",
          "暂停播放",
          "去人民医院急诊楼怎么走不堵车",
          "重新规划路线",
          "打电话",
          "声音大一点",
          "随便来点音乐",
          "开始导航",
          "我想听一首关于春天的歌",
          "导航到火车站",
          "拨打客服热线",
          "上一首",
          "谢谢你再见");

  /** Made up, of fourteen characters each, which are sixteen tokens with [CLS] and [SEP]. */
  private static final List<String> LONG =
      List.of(
          "给我播放一首周末适合听的情歌",
          "导航到最近的免费停车场的入口",
          "帮我打电话给公司前台的王小明",
          "查一下从这里到机场要多长时间",
          "我想听昨天晚上那首关于海的歌",
          "打开音乐播放最近下载的老歌吧");

  private Utterances() {}

  /** The built-in ones, 32. */
  public static List<String> builtIn() {
    return BUILT_IN;
  }

  /**
   * Utterances of a corpus in the format of docs/finetuning.md, evenly spread over the file.
   *
   * @param corpus null for the built-in ones
   * @throws IOException if the file cannot be read or has fewer utterances
   */
  public static List<String> of(@Nullable Path corpus, int count) throws IOException {
    return corpus == null
        ? spread(BUILT_IN, count, "the built-in list")
        : spread(read(corpus), count, corpus.toString());
  }

  /**
   * Utterances of one length, evenly spread over those of that length in the corpus.
   *
   * @param corpus null for built-in ones
   * @param fits whether an utterance has that length
   * @throws IOException if the file cannot be read or has fewer such utterances
   */
  public static List<String> of(@Nullable Path corpus, int count, Predicate<String> fits)
      throws IOException {
    List<String> all =
        corpus == null ? Stream.concat(BUILT_IN.stream(), LONG.stream()).toList() : read(corpus);
    return spread(
        all.stream().filter(fits).toList(),
        count,
        (corpus == null ? "the built-in list" : corpus.toString()) + " (those of the length)");
  }

  private static List<String> read(Path corpus) throws IOException {
    List<String> all = new ArrayList<>();
    for (String line : Files.readAllLines(corpus)) {
      String[] columns = line.split("\t", -1);
      if (columns.length > UTTERANCE_COLUMN && !columns[UTTERANCE_COLUMN].isBlank()) {
        all.add(columns[UTTERANCE_COLUMN]);
      }
    }
    return all;
  }

  private static List<String> spread(List<String> all, int count, String source)
      throws IOException {
    if (all.size() < count) {
      throw new IOException(
          "%s: expected at least %d utterances, got %d; name a larger corpus or ask for fewer"
              .formatted(source, count, all.size()));
    }
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(all.get((int) ((long) i * all.size() / count)));
    }
    return chosen;
  }
}

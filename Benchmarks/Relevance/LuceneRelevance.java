import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * Lucene as its users have it: one text field under EnglishAnalyzer, BM25Similarity, all with their defaults; a query is what QueryBuilder (the query
 * parsers' own maker of queries) makes of the text: any of the words.
 *
 * LuceneRelevance DOCS.tsv QUERIES.tsv INDEX DEPTH → a run in TREC form. DOCS.tsv: id, tab, text.
 */
public class LuceneRelevance {
  public static void main(String[] arguments) throws Exception {
    int depth = Integer.parseInt(arguments[3]);
    Analyzer analyzer = new EnglishAnalyzer();
    try (var directory = new MMapDirectory(Path.of(arguments[2]))) {
      var configuration = new IndexWriterConfig(analyzer).setSimilarity(new BM25Similarity()).setOpenMode(IndexWriterConfig.OpenMode.CREATE);
      try (var writer = new IndexWriter(directory, configuration)) {
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
          int tab = line.indexOf('\t');
          var document = new Document();
          document.add(new StringField("id", line.substring(0, tab), Field.Store.YES));
          document.add(new TextField("text", line.substring(tab + 1), Field.Store.NO));
          writer.addDocument(document);
        }
        writer.forceMerge(1);
      }
      var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
      try (var reader = DirectoryReader.open(directory)) {
        var searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity());
        var fields = reader.storedFields();
        for (String line : Files.readAllLines(Path.of(arguments[1]))) {
          int tab = line.indexOf('\t');
          Query query = new QueryBuilder(analyzer).createBooleanQuery("text", line.substring(tab + 1));
          if (query == null) continue;
          int rank = 0;
          for (ScoreDoc hit : searcher.search(query, depth).scoreDocs) {
            rank += 1;
            out.println(line.substring(0, tab) + " Q0 " + fields.document(hit.doc).get("id") + " " + rank + " " + hit.score + " lucene");
          }
        }
      }
      out.flush();
    }
  }
}

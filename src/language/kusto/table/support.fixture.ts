/**
 * What of queries over tables is supported, each with queries and the plans that they become (`plan-text.fixture.ts`),
 * the names of the answer's columns behind them. The support table in docs/kusto.md is made of the same list.
 */
export interface SupportedOperator {
  readonly what: string;
  readonly about: string;
  readonly cases: Readonly<Record<string, string>>;
}

export const TABLE_OPERATORS: readonly SupportedOperator[] = [
  {
    what: 'where',
    about: 'rows for which a condition is true',
    cases: {
      'Events | where Pid > 4 and Name has "sh"':
        'Events | filter and(>(Pid, 4), has(Name, "sh")) => Time Name Pid Score Bag',
      'Events | where * has "sh" | where * contains "x"':
        'Events | filter or(search-has(Time, "sh"), search-has(Name, "sh"), search-has(Pid, "sh"), search-has(Score, "sh"), search-has(Bag, "sh")) | filter contains(Name, "x") => Time Name Pid Score Bag',
      'Events | where Name in ("a", "b") or Name !in~ (dynamic(["c"])) or Name has_any ("d", "e")':
        'Events | filter or(in(Name, "a", "b"), !in~(Name, ["c"]), has_any(Name, "d", "e")) => Time Name Pid Score Bag',
      'Events | where Name in ((Logs | project Host)) and Name !in ((Logs | distinct Host))':
        'Events | filter and(in(Name, [Logs | project Host]), !in(Name, [Logs | project Host | distinct])) => Time Name Pid Score Bag',
      'Events | where Time between (ago(1h) .. 30m) and Pid !between (1 .. 3)':
        'Events | filter and(between(Time, -(now, 36000000000), +(-(now, 36000000000), 18000000000)), !between(Pid, 1, 3)) => Time Name Pid Score Bag',
      'Events | where Bag.a.b[0]["c"] == "x" and isnotempty(Bag["k"])':
        'Events | filter and(==(member(member(member(member(Bag, "a"), "b"), 0), "c"), "x"), isnotempty(member(Bag, "k"))) => Time Name Pid Score Bag',
      'Events | where Name matches regex @"^\\d+$"':
        'Events | filter matches regex(Name, "^\\\\d+$") => Time Name Pid Score Bag',
    },
  },
  {
    what: 'extend',
    about: 'adds or replaces columns',
    cases: {
      'Events | extend Up = toupper(Name), Pid = Pid + 1':
        'Events | project Time, Name, Pid=+(Pid, 1), Score, Bag, Up=toupper(Name) => Time Name Pid Score Bag Up',
      'Events | extend Bag.x, bin(Time, 1h), strcat(Name, "!")':
        'Events | project Time, Name, Pid, Score, Bag, Bag_x=member(Bag, "x"), Time1=bin(Time, 36000000000), Column1=strcat(Name, "!") => Time Name Pid Score Bag Bag_x Time1 Column1',
      'Events | extend B = pack_all(), C = column_ifexists("Nope", 0), D = column_ifexists("Pid", 0)':
        'Events | project Time, Name, Pid, Score, Bag, B=bag_pack("Time", Time, "Name", Name, "Pid", Pid, "Score", Score, "Bag", Bag), C=0, D=Pid => Time Name Pid Score Bag B C D',
    },
  },
  {
    what: 'project project-away project-keep project-rename project-reorder',
    about: 'chooses columns, with * in names',
    cases: {
      'Events | project Name, N = Pid * 2, tostring(Bag.x)':
        'Events | project Name, N=*(Pid, 2), Bag_x=tostring(member(Bag, "x")) => Name N Bag_x',
      'Events | project-away B*, Time': 'Events | project Name, Pid, Score => Name Pid Score',
      'Events | project-keep P*, Name': 'Events | project Name, Pid => Name Pid',
      'Events | project-rename Id = Pid': 'Events | project Time, Name, Id=Pid, Score, Bag => Time Name Id Score Bag',
      'Events | project-reorder N*, * granny-desc':
        'Events | project Name, Time, Score, Pid, Bag => Name Time Score Pid Bag',
    },
  },
  {
    what: 'distinct',
    about: 'rows without repetition',
    cases: {
      'Events | distinct Name, Low = tolower(Name)': 'Events | project Name, Low=tolower(Name) | distinct => Name Low',
      'Logs | distinct *': 'Logs | distinct => Time Host Text',
    },
  },
  {
    what: 'summarize',
    about: 'groups and aggregates',
    cases: {
      'Events | summarize count(), N = dcount(Name), Ratio = toreal(countif(Pid > 4)) / count() by Name, bin(Time, 1d)':
        'Events | summarize count_=count(), N=dcount(Name), $3=countif(>(Pid, 4)), $4=count() by Name, Time=bin(Time, 864000000000) | project Name, Time, count_, N, Ratio=/(toreal($3), $4) => Name Time count_ N Ratio',
      'Events | summarize arg_max(Time, *) by Name':
        'Events | summarize Time,Pid,Score,Bag=arg_max(Time, Pid, Score, Bag) by Name => Name Time Pid Score Bag',
      'Events | summarize arg_max(Time, Pid), arg_min(Time, Pid), (A, B) = arg_min(Pid, Name)':
        'Events | summarize Time,Pid=arg_max(Time, Pid), Time1,Pid1=arg_min(Time, Pid), A,B=arg_min(Pid, Name) by => Time Pid Time1 Pid1 A B',
      'Events | summarize percentiles(Score, 5, 50), percentile(Score, 9), makeset(Name), take_any(*) by Pid':
        'Events | summarize percentile_Score_5=percentile(Score, 5), percentile_Score_50=percentile(Score, 50), percentile_Score_9=percentile(Score, 9), set_Name=make_set(Name, 128), Time,Name,Score,Bag=take_any(Time, Name, Score, Bag) by Pid => Pid percentile_Score_5 percentile_Score_50 percentile_Score_9 set_Name Time Name Score Bag',
      'Events | summarize by Name': 'Events | summarize  by Name => Name',
      'Events | summarize count(Pid), countif(Pid > 1), countif(Pid > 2), iif(max(Pid) > 3, "a", "b")':
        'Events | summarize count_Pid=count(), countif_=countif(>(Pid, 1)), countif_1=countif(>(Pid, 2)), $4=max(Pid) by | project count_Pid, countif_, countif_1, Column1=iff(>($4, 3), "a", "b") => count_Pid countif_ countif_1 Column1',
    },
  },
  {
    what: 'count',
    about: 'how many rows',
    cases: {
      'Events | count': 'Events | summarize Count=count() by => Count',
      'Events | count as Rows': 'Events | summarize Rows=count() by => Rows',
    },
  },
  {
    what: 'sort order top take limit sample sample-distinct',
    about: 'order and first rows; any rows are the first here',
    cases: {
      'Events | sort by Name asc, Pid':
        'Events | sort Name asc first, Pid desc last => Time Name Pid Score Bag, ordered',
      'Events | order by Name asc nulls last | limit 3':
        'Events | sort Name asc last | take 3 => Time Name Pid Score Bag, ordered',
      'Events | top 2 by Score': 'Events | sort Score desc last | take 2 => Time Name Pid Score Bag, ordered',
      'Events | sample 3': 'Events | take 3 => Time Name Pid Score Bag',
      'Events | sample-distinct 3 of Name': 'Events | project Name | distinct | take 3 => Name',
    },
  },
  {
    what: 'top-nested',
    about: 'the first of each level',
    cases: {
      'Events | top-nested 2 of Name with others = "rest" by N = count(), top-nested of Pid by max(Score) asc':
        'Events | top-nested levels=[{count=2 key={name=Name value=Name} by={name=N aggregate={function=count args=[]}} order=desc others="rest"}, {key={name=Pid value=Pid} by={name=aggregated_Pid aggregate={function=max args=[Score]}} order=asc}] => Name N Pid aggregated_Pid',
    },
  },
  {
    what: 'join lookup',
    about: 'all kinds; conditions by one name, or $left.a == $right.b',
    cases: {
      'Events | join Logs on Time':
        'Events | innerunique [Logs] on Time=Time give left.Time, left.Name, left.Pid, left.Score, left.Bag, right.Time, right.Host, right.Text => Time Name Pid Score Bag Time1 Host Text',
      'Events | join kind=leftouter (Logs | project Host, Text) on $left.Name == $right.Host':
        'Events | leftouter [Logs | project Host, Text] on Name=Host give left.Time, left.Name, left.Pid, left.Score, left.Bag, right.Host, right.Text => Time Name Pid Score Bag Host Text',
      'Events | join kind=anti Logs on Time, $left.Name == $right.Host':
        'Events | leftanti [Logs] on Time=Time, Name=Host give left.Time, left.Name, left.Pid, left.Score, left.Bag => Time Name Pid Score Bag',
      'Events | join kind=rightsemi Logs on $left.Name == $right.Host and $left.Time == $right.Time':
        'Events | rightsemi [Logs] on Name=Host, Time=Time give right.Time, right.Host, right.Text => Time Host Text',
      'Events | lookup Logs on $left.Name == $right.Host':
        'Events | leftouter [Logs] on Name=Host give left.Time, left.Name, left.Pid, left.Score, left.Bag, right.Time, right.Text => Time Name Pid Score Bag Time1 Text',
    },
  },
  {
    what: 'union',
    about: 'kind, withsource, isfuzzy, * in names of tables',
    cases: {
      'Events | union Logs':
        'union[Events | project Time, Name, Pid, Score, Bag, Host="", Text=""; Logs | project Time, Name="", Pid=null, Score=null, Bag=null, Host, Text] => Time Name Pid Score Bag Host Text',
      'union kind=inner withsource=From Events, (Logs | take 1)':
        'union[Events | project From="Events", Time; Logs | take 1 | project From="union_arg1", Time] => From Time',
      'union isfuzzy=true Lo*, Nope, NoFunction(1)': 'union[Logs] => Time Host Text',
      'union isfuzzy=true (Logs | project What = Text), (Nope_CL | project What = Pid) | distinct What':
        'union[Logs | project What=Text] | project What | distinct => What',
    },
  },
  {
    what: 'search find',
    about: 'texts in any column; `*` at an end frees it',
    cases: {
      'search in (Logs) "err*" and Host:"web"':
        'union[Logs | project $table="Logs", Time, Host, Text] | filter and(or(hasprefix(tostring(Time), "err"), hasprefix(Host, "err"), hasprefix(Text, "err")), search-has(Host, "web")) => $table Time Host Text',
      'Logs | search not("a") or Host == "b"':
        'union[Logs | project $table="search_arg0", Time, Host, Text] | filter or(not(or(search-has(Time, "a"), search-has(Host, "a"), search-has(Text, "a"))), ==(Host, "b")) => $table Time Host Text',
      'Logs | search kind=case_sensitive "*Err*"':
        'union[Logs | project $table="search_arg0", Time, Host, Text] | filter or(contains_cs(tostring(Time), "Err"), contains_cs(Host, "Err"), contains_cs(Text, "Err")) => $table Time Host Text',
      'find in (Logs, Events) where Name == "x" project Name, Time':
        'union[Logs | filter ==("", "x") | project source_="Logs", Name="", Time; Events | filter ==(Name, "x") | project source_="Events", Name, Time] => source_ Name Time',
      'find withsource=From in (Logs) where * has "x"':
        'union[Logs | filter or(search-has(Time, "x"), search-has(Host, "x"), search-has(Text, "x")) | project From="Logs", Time, Host, Text] => From Time Host Text',
    },
  },
  {
    what: 'mv-expand mv-apply',
    about: 'a row for each element',
    cases: {
      'Events | mv-expand Bag':
        'Events | expand expanded=[{name=Bag value=Bag type=dynamic}] bags=bag => Time Name Pid Score Bag',
      'Events | mv-expand with_itemindex=I kind=array Item = Bag.items to typeof(string), Bag limit 3':
        'Events | expand expanded=[{name=Item value=member(Bag, "items") type=string}, {name=Bag value=Bag type=dynamic}] index=I bags=array limit=3r => Time Name Pid Score Bag Item I',
      'Events | mv-apply Item = Bag.items to typeof(long) on (where Item > 1 | summarize Sum = sum(Item))':
        'Events | expand expanded=[{name=Item value=member(Bag, "items") type=long}] bags=bag | apply [group | filter >(Item, 1) | summarize Sum=sum(Item) by] give row.Time, row.Name, row.Pid, row.Score, row.Bag, body.Sum => Time Name Pid Score Bag Sum',
    },
  },
  {
    what: 'parse parse-where parse-kv',
    about: 'columns out of a text',
    cases: {
      'Events | parse Name with "a=" A:long ";" B':
        'Events | parse value=Name parts=[{text=a=}, {column=A type=long}, {text=;}, {column=B type=string}] mode=simple flags= isFilter=false => Time Name Pid Score Bag A B',
      'Events | parse-where kind=regex flags=i Name with * @"\\d+" A:string':
        'Events | parse value=Name parts=[{}, {text=\\d+}, {column=A type=string}] mode=regex flags=i isFilter=true => Time Name Pid Score Bag A',
      'Events | parse-kv Name as (a:long, b:string) with (pair_delimiter=";", kv_delimiter="=", quote="[]")':
        'Events | parse-kv value=Name keys=[{name=a type=long}, {name=b type=string}] pairDelimiter=; keyDelimiter== quotes=[[[, ]]] isGreedy=false => Time Name Pid Score Bag a b',
    },
  },
  {
    what: 'make-series',
    about: 'arrays over an axis with from, to, step; in range(…) from a multiple of the step on',
    cases: {
      'Events | make-series N = count() default = 5, avg(Score) on Time from ago(2d) to now() step 1d by Name':
        'Events | make-series keys=[{name=Name value=Name}] values=[{aggregate={function=count args=[]} empty=5}, {aggregate={function=avg args=[Score]} empty=0r}] axis={name=Time value=Time} from=-(now, 1728000000000) to=now step=864000000000 => Name N avg_Score Time',
    },
  },
  {
    what: 'serialize',
    about:
      'fixes the order, for row_number, prev, next, row_cumsum, row_rank_dense, row_rank_min and row_window_session',
    cases: {
      'Events | serialize N = row_number(), P = prev(Name, 2, "x")':
        'Events | sort | project Time, Name, Pid, Score, Bag, N=row_number(), P=prev(Name, 2, "x") => Time Name Pid Score Bag N P',
      'Events | sort by Pid asc | extend S = row_cumsum(Pid, Name != next(Name))':
        'Events | sort Pid asc first | project Time, Name, Pid, Score, Bag, S=row_cumsum(Pid, !=(Name, next(Name))) => Time Name Pid Score Bag S, ordered',
    },
  },
  {
    what: 'scan',
    about: 'steps over rows in order',
    cases: {
      'Events | sort by Time asc | scan with_match_id=M declare (N:long = 0) with (step s1 output=last: Pid > 1 => N = s1.N + 1; step s2 optional: Time - s1.Time < 5m;)':
        'Events | sort Time asc first | scan-steps declared=[{name=N type=long initial=0}] steps=[{name=s1 condition=>(Pid, 1) assignments=[{name=N value=+(s1.N, 1)}] output=last isOptional=false}, {name=s2 condition=<(-(Time, s1.Time), 3000000000) assignments=[] output=all isOptional=true}] matchId=M => Time Name Pid Score Bag N M, ordered',
      'Events | serialize | scan partition by Name declare (N:long) with (step s: true => N = s.N + Pid;)':
        'Events | sort | partition key=Name body=[group | scan-steps declared=[{name=N type=long initial=null}] steps=[{name=s condition=true assignments=[{name=N value=+(s.N, Pid)}] output=all isOptional=false}]] => Time Name Pid Score Bag N',
    },
  },
  {
    what: 'partition',
    about: 'operators over the rows of each key',
    cases: {
      'Events | partition by Name (top 1 by Pid)':
        'Events | partition key=Name body=[group | sort Pid desc last | take 1] => Time Name Pid Score Bag',
      'Events | partition hint.strategy=native by Name (summarize count())':
        'Events | partition key=Name body=[group | summarize count_=count() by] => count_',
    },
  },
  {
    what: 'evaluate',
    about: 'bag_unpack, pivot, narrow, ipv4_lookup and ipv6_lookup; columns that follow from the rows may be stated',
    cases: {
      'Events | evaluate bag_unpack(Bag, "p_") : (*, p_x:long)':
        'Events | evaluate plugin=bag_unpack args=[Bag, "p_", "error"] isSettled=true => Time Name Pid Score p_x',
      'Events | evaluate narrow()': 'Events | evaluate plugin=narrow args=[] isSettled=true => Row Column Value',
    },
  },
  {
    what: 'as render invoke getschema',
    about: 'names, hints for the page, functions, columns as rows',
    cases: {
      'Events | as E | where Pid > 1 | union E': 'union[Events | filter >(Pid, 1); Events] => Time Name Pid Score Bag',
      'Events | render timechart with (title = "a")': 'Events => Time Name Pid Score Bag, timechart {"title":"a"}',
      'let f = (T:(Pid:long), k:long = 5) { T | where Pid > k }; Events | invoke f(k = 2)':
        'Events | filter >(Pid, 2) => Time Name Pid Score Bag',
      'Logs | getschema | take 1':
        'rows["Time" 0 "System.DateTime" "datetime"; "Host" 1 "System.String" "string"; "Text" 2 "System.String" "string"] | take 1 => ColumnName ColumnOrdinal DataType ColumnType',
    },
  },
  {
    what: 'print range datatable externaldata',
    about: 'rows out of nothing; externaldata from files of one folder',
    cases: {
      'print 1, X = "a" \'b\', h@"c\\d"': 'rows[] | project print_0=1, X="ab", print_2="c\\\\d" => print_0 X print_2',
      'range X from 1 to 3 step 1': 'range from=1 to=3 step=1 => X',
      'datatable(A:string, B:long, C:dynamic)["x", 1, dynamic({"k": [1, null]}), "y", "2", dynamic(null)]':
        'rows["x" 1 {"k":[1,null]}; "y" 2 null] => A B C',
      'externaldata(A:string)["list.tsv.gz"] with (ignoreFirstRecord = true)':
        'external uris=[list.tsv.gz] format=tsv ignoreFirstRecord=true => A',
    },
  },
  {
    what: 'let materialize toscalar',
    about: 'scalars, tables and functions, with default and named arguments',
    cases: {
      'let a = 1h; let b = ago(a); Events | where Time > b':
        'Events | filter >(Time, -(now, 36000000000)) => Time Name Pid Score Bag',
      'let T = Events | where Pid > 1; T | join T on Name':
        '<shared-1: Events | filter >(Pid, 1)> | innerunique [<shared-1: Events | filter >(Pid, 1)>] on Name=Name give left.Time, left.Name, left.Pid, left.Score, left.Bag, right.Time, right.Name, right.Pid, right.Score, right.Bag => Time Name Pid Score Bag Time1 Name1 Pid1 Score1 Bag1',
      'let m = toscalar(Events | summarize max(Pid)); Events | where Pid == m':
        'Events | filter ==(Pid, toscalar[Events | summarize max_Pid=max(Pid) by]) => Time Name Pid Score Bag',
      'let M = materialize(Events | where Pid > 1); M | count':
        '<shared-1: Events | filter >(Pid, 1)> | summarize Count=count() by => Count',
      'let f = (a:long, b:string = "x") { let c = a + 1; Events | where Pid == c and Name == b }; f(3) | union (f(b = "q", a = 4))':
        'union[Events | filter and(==(Pid, +(3, 1)), ==(Name, "x")); Events | filter and(==(Pid, +(4, 1)), ==(Name, "q"))] => Time Name Pid Score Bag',
      'let twice = (x:long) { x * 2 }; print twice(4), Half(x = 4)':
        'rows[] | project print_0=*(4, 2), print_1=/(4, 2) => print_0 print_1',
      'let f = (name:string) { table(name) | where Time > ago(1h) }; union f("Logs"), f("Events")':
        'union[Logs | filter >(Time, -(now, 36000000000)) | project Time, Host, Text, Name="", Pid=null, Score=null, Bag=null; Events | filter >(Time, -(now, 36000000000)) | project Time, Host="", Text="", Name, Pid, Score, Bag] => Time Host Text Name Pid Score Bag',
      'let g = () { Logs | count }; g': 'Logs | summarize Count=count() by => Count',
      'Parser(names = dynamic(["a"]), since = ago(1d)) | count':
        'Parser(since=-(now, 864000000000), names=["a"]) | summarize Count=count() by => Count',
      'Watchlist("x") | project Key': 'rows["a" "x"; "b" "y"] | filter ==(Kind, "x") | project Key => Key',
    },
  },
];
